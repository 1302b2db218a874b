using MarketsApi.Infrastructure.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MarketsApi.Infrastructure.Health;

/// <summary>The health of the servers that the program depends on: concurrent requests share one check, and a healthy result is used for a second, unless a request finds the database unavailable.</summary>
/// <remarks>The endpoint is open and without a rate limit; each request would otherwise be a statement in the database, on the connection reserved for it.</remarks>
internal sealed class HealthReports(
    HealthCheckService checks,
    ReadReplica replica,
    DatabaseReadiness readiness,
    TimeProvider clock
)
{
    /// <summary>The name of the check of the read replica, which is left out where none is configured.</summary>
    public const string Reader = "postgresReader";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport> _last = Task.FromResult(
        new HealthReport(new Dictionary<string, HealthReportEntry>(), HealthStatus.Unhealthy, TimeSpan.Zero)
    );
    private long _startedAt;
    private long _failuresBefore;

    /// <summary>The last report while it is fresh, or a new one.</summary>
    public Task<HealthReport> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_last.IsCompleted && !IsFresh())
            {
                (_startedAt, _failuresBefore) = (clock.GetTimestamp(), readiness.Failures);
                // No caller cancels it: all waiting requests share the report. Each check has a time limit.
                _last = checks.CheckHealthAsync(
                    check => check.Name != Reader || replica.IsConfigured,
                    CancellationToken.None
                );
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private bool IsFresh() =>
        _last is { IsCompletedSuccessfully: true, Result.Status: HealthStatus.Healthy }
        && readiness.Failures == _failuresBefore
        && clock.GetElapsedTime(_startedAt) < Freshness;
}

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

/// <summary>Degraded when a Redis is configured and doesn't respond; the program works without it.</summary>
internal sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        !redis.IsConfigured || await redis.IsRespondingAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus);
}
