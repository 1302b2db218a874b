using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MarketsApi.Infrastructure.Health;

/// <summary>Degraded while the read replica is away or behind; the primary answers its reads then.</summary>
internal sealed class ReadReplicaHealthCheck(ReadReplica replica) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(replica.IsUsed ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());
}
