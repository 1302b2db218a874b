using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MarketsApi.Infrastructure.Health;

/// <summary>Healthy when the database responds and has its tables.</summary>
internal sealed class PostgresHealthCheck(NpgsqlDataSource source, DatabaseReadiness readiness) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (!readiness.IsReady)
        {
            return HealthCheckResult.Unhealthy();
        }

        try
        {
            await using var command = source.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            // Connections of a server that has gone stay in the pool until they are used; clearing it spares the next check another one.
            source.Clear();
            return HealthCheckResult.Unhealthy(exception: exception);
        }
    }
}

/// <summary>Degraded while the read replica is unavailable or behind; its reads then go to the primary.</summary>
internal sealed class ReadReplicaHealthCheck(ReadReplica replica) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(replica.IsUsed ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());
}
