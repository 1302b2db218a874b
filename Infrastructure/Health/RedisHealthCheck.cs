using MarketsApi.Infrastructure.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MarketsApi.Infrastructure.Health;

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
