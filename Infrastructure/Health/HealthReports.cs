using Microsoft.Extensions.Diagnostics.HealthChecks;

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
