using System.Globalization;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Postgres;

namespace MarketsApi.Tests.Infrastructure.Jobs;

/// <summary>A <see cref="RecordedJob"/> that comes again by itself, in a process whose environment says how often.</summary>
public sealed class RecurringRecordedJob(Database database, RecordedJob.Pace pace) : IRecurringJob
{
    /// <summary>The variable that holds the time from one run to the next, in milliseconds.</summary>
    public const string Variable = "RECORDED_EVERY";

    private readonly RecordedJob _job = new(database, pace);

    /// <summary>Whether the variable is there.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <inheritdoc/>
    public string Kind => "recorded-again";

    /// <inheritdoc/>
    public TimeSpan Interval { get; } =
        TimeSpan.FromMilliseconds(
            int.Parse(Environment.GetEnvironmentVariable(Variable)!, CultureInfo.InvariantCulture)
        );

    /// <inheritdoc/>
    public Task RunAsync(JobRun run, CancellationToken cancellationToken) => _job.RunAsync(run, cancellationToken);
}
