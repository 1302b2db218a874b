using System.Diagnostics;
using System.Text;
using MarketsApi.Infrastructure.Observability;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Carries out attempts at jobs, and judges how they have ended.</summary>
internal sealed partial class JobRunner(
    JobCatalog catalog,
    JobSettings settings,
    JobMetrics metrics,
    TimeProvider clock,
    ILogger<JobRunner> logger
)
{
    private TimeSpan Limit => TimeSpan.FromSeconds(settings.TimeoutSeconds);

    /// <summary>Makes one attempt at each: at one job of any kind, or together at several of a kind that is an <see cref="IBatchJob"/>.</summary>
    /// <returns>How each has ended, in their order; null for one that has been lost, so that there is nothing to say about it.</returns>
    public async Task<IReadOnlyList<JobEnd?>> RunAsync(IReadOnlyList<LeasedJob> jobs)
    {
        var attempts = jobs.Select(job => (Job: job, Span: JobSpans.Start(job.Job))).ToList();
        foreach (var job in jobs)
        {
            metrics.Started(job.Job);
            job.Start();
        }

        var together = jobs is [_] ? null : await TryTogetherAsync(jobs);
        var ends = new List<JobEnd?>(jobs.Count);
        foreach (var (job, span) in attempts)
        {
            using (span)
            {
                Activity.Current = span ?? Activity.Current;
                ends.Add(await JudgeAsync(job, span, together ?? RunAloneAsync(job)));
            }
        }

        return ends;
    }

    /// <remarks>With a time limit of its own, so that each job still has its time if it is to run by itself.</remarks>
    /// <returns>The work, which has ended; null when each is to run by itself.</returns>
    private async Task<Task?> TryTogetherAsync(IReadOnlyList<LeasedJob> jobs)
    {
        var kind = jobs[0].Job.Kind;
        using var late = new CancellationTokenSource(Limit, clock);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource([
            late.Token,
            .. jobs.Select(job => job.Cancellation),
        ]);
        try
        {
            await ((IBatchJob)catalog[kind]).RunAsync([.. jobs.Select(RunOf)], cancellation.Token);
            return Task.CompletedTask;
        }
        catch (JobPostponedException exception)
        {
            return Task.FromException(exception);
        }
        catch (Exception exception)
        {
            LogApart(exception, jobs.Count, kind);
            return null;
        }
    }

    private async Task RunAloneAsync(LeasedJob leased)
    {
        leased.Cancellation.ThrowIfCancellationRequested();
        leased.EndAfter(Limit);
        await catalog[leased.Job.Kind].RunAsync(RunOf(leased), leased.Cancellation);
    }

    private static JobRun RunOf(LeasedJob leased) => new(leased.Job.Id, leased.Job.Key, leased.Job.Attempts);

    private async Task<JobEnd?> JudgeAsync(LeasedJob leased, Activity? span, Task work)
    {
        var job = leased.Job;
        try
        {
            await work;
            metrics.Ended(job, leased.Age, "done");
            span.End("done");
            return JobEnd.Done(job);
        }
        catch (Exception exception) when (leased.IsLost)
        {
            span.End("lost", exception);
            LogLost(job.Id, job.Kind, job.Attempts);
            return null;
        }
        catch (Exception) when (leased.IsReleased)
        {
            metrics.Ended(job, leased.Age, "released");
            span.End("released");
            return JobEnd.Released(job);
        }
        catch (JobPostponedException exception)
        {
            metrics.Ended(job, leased.Age, "postponed");
            span.End("postponed");
            LogPostponed(exception, job.Id, job.Kind, exception.Delay.TotalSeconds);
            return JobEnd.Postponed(job, Cut(exception.Message), exception.Delay);
        }
        catch (Exception exception)
        {
            metrics.Ended(job, leased.Age, "failed");
            span.End("failed", exception);
            return Fail(leased, exception);
        }
    }

    /// <summary>
    /// How long to wait before the next attempt: any time up to a bound that doubles with each ("full jitter"; Brooker,
    /// "Exponential Backoff and Jitter", 2015), so that jobs which failed together don't come back together.
    /// </summary>
    internal static TimeSpan Backoff(JobSettings settings, int attempts, double random) =>
        random
        * TimeSpan.FromMilliseconds(
            Math.Min(
                settings.MaxBackoffSeconds * 1_000.0,
                settings.BackoffMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30))
            )
        );

    private JobEnd Fail(LeasedJob leased, Exception exception)
    {
        var job = leased.Job;
        var isFinal = job.Attempts >= job.MaxAttempts;
        metrics.Failed(job, isFinal);
        var delay = isFinal ? TimeSpan.Zero : Backoff(settings, job.Attempts, Random.Shared.NextDouble());
        if (isFinal)
        {
            LogFailedForGood(exception, job.Id, job.Kind, job.Attempts, job.Key);
        }
        else
        {
            LogFailed(exception, job.Id, job.Kind, job.Attempts, job.MaxAttempts, job.Key, delay.TotalSeconds);
        }

        return JobEnd.Failed(job, Cut(ErrorOf(leased, exception)), delay);
    }

    /// <remarks>Only messages written for callers reach them: any other message may contain internals.</remarks>
    private string ErrorOf(LeasedJob leased, Exception exception) =>
        exception switch
        {
            JobException => exception.Message,
            OperationCanceledException when leased.Cancellation.IsCancellationRequested =>
                $"The attempt took longer than {settings.TimeoutSeconds} s.",
            _ when DatabaseErrors.IsUnavailable(exception) => "The database was not available.",
            _ => $"Unexpected error; see the log of {clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}.",
        };

    /// <summary>As the database can store it: only valid text, and no longer than its column.</summary>
    private static string Cut(string text)
    {
        var cut = text.Length <= JobException.MaxLength ? text : text[..(JobException.MaxLength - 1)] + "…";
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)).Replace('\0', ' ');
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {JobId} ({Kind}) failed at attempt {Attempt} of {MaxAttempts}, key {JobKey}; it runs again in {DelaySeconds} s"
    )]
    private partial void LogFailed(
        Exception exception,
        Guid jobId,
        string kind,
        int attempt,
        int maxAttempts,
        string? jobKey,
        double delaySeconds
    );

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Job {JobId} ({Kind}) failed permanently at attempt {Attempt}, key {JobKey}; it can be queued again through the API"
    )]
    private partial void LogFailedForGood(Exception exception, Guid jobId, string kind, int attempt, string? jobKey);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} ({Kind}) is postponed by {DelaySeconds} s")]
    private partial void LogPostponed(Exception exception, Guid jobId, string kind, double delaySeconds);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Count} jobs ({Kind}) could not be done together; each runs by itself"
    )]
    private partial void LogApart(Exception exception, int count, string kind);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Job {JobId} ({Kind}) was lost at attempt {Attempt}: its lease ended before it could be extended"
    )]
    private partial void LogLost(Guid jobId, string kind, int attempt);
}

/// <summary>Attempts at jobs as spans (OpenTelemetry's conventions for messaging), in the trace of the request that queued the job.</summary>
internal static class JobSpans
{
    private static readonly ActivitySource Source = new("MarketsApi.Jobs");

    /// <summary>Begins the span of an attempt, which then is the current one; null when no listener records it.</summary>
    /// <remarks>A child, so that the request's trace shows what came of it and both are recorded or neither; and linked, as the conventions ask.</remarks>
    public static Activity? Start(ClaimedJob job)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var queuedBy = TraceParent.Parse(job.TraceParent);
        return Source.StartActivity(
            $"process {job.Kind}",
            ActivityKind.Consumer,
            queuedBy,
            [
                new("messaging.system", "marketsapi"),
                new("messaging.operation.name", "process"),
                new("messaging.operation.type", "process"),
                new("messaging.destination.name", job.Kind),
                new("messaging.message.id", job.Id.ToString()),
                new("job.attempt", job.Attempts),
            ],
            queuedBy == default ? [] : [new ActivityLink(queuedBy)]
        );
    }

    /// <summary>Records how the attempt has ended.</summary>
    public static void End(this Activity? span, string outcome, Exception? exception = null)
    {
        span?.SetTag("job.outcome", outcome);
        if (exception is not null)
        {
            span.Fail(exception);
        }
    }
}
