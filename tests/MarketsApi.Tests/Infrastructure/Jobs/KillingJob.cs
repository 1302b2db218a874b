using System.Diagnostics;
using MarketsApi.Infrastructure.Jobs;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A job that each process which runs it doesn't survive.</summary>
public sealed class KillingJob : IJob
{
    /// <inheritdoc/>
    public string Kind => "killing";

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
