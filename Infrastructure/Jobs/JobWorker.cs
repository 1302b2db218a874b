namespace MarketsApi.Infrastructure.Jobs;

/// <summary>The background work of this process: looks for jobs, and lets them end when the program stops.</summary>
internal sealed class JobWorker(
    JobCatalog catalog,
    JobQueue queue,
    JobStore store,
    JobExecutor executor,
    JobCompletionWriter completions,
    JobLeases leases,
    JobMaintenance maintenance,
    JobBackoff backoff,
    LeasedJobs leased,
    JobMetrics metrics,
    JobSettings settings,
    DatabaseReadiness readiness,
    IHostApplicationLifetime lifetime,
    TimeProvider clock
) : BackgroundService
{
    /// <summary>The pause between looks while jobs of other processes come.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>The least from one look to the next for jobs of this process: many that are queued at once are claimed together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>How long jobs have to react to cancellation, and their ends to be written, beyond their own time.</summary>
    private static readonly TimeSpan LastMoments = TimeSpan.FromSeconds(2);

    private TimeSpan _pause = ShortestPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Enabled)
        {
            return;
        }

        // At the first sign of the stop, while requests are still being served.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        if (!await WaitForStartAsync(stop.Token))
        {
            return;
        }

        metrics.Introduce(catalog.Kinds);
        using var end = new CancellationTokenSource();
        var running = executor.RunAsync();
        var reporting = completions.RunAsync(end.Token);
        var renewing = leases.RunAsync(end.Token);
        var claiming = ClaimUntilAsync(stop.Token);
        await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(claiming, LastMoments);

        executor.Close();
        await EndAsync(running, TimeSpan.FromSeconds(settings.StopSeconds));
        foreach (var job in leased.All)
        {
            job.Release();
        }

        await EndAsync(running, LastMoments);
        foreach (var job in leased.All.Where(job => job.IsRunning))
        {
            completions.Add(job, JobEnd.Released(job.Job));
        }

        completions.Complete();
        await EndAsync(reporting, LastMoments);
        await end.CancelAsync();
        await EndAsync(Task.WhenAll(reporting, renewing), LastMoments);
    }

    private async Task<bool> WaitForStartAsync(CancellationToken stop)
    {
        try
        {
            await readiness.WhenReady.WaitAsync(stop);
            await Task.Delay(Timeout.Infinite, lifetime.ApplicationStarted)
                .WaitAsync(stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            // Stopped while starting.
        }

        return !stop.IsCancellationRequested;
    }

    private async Task ClaimUntilAsync(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var startedAt = clock.GetTimestamp();
                var pause = await LookAsync(stop);
                backoff.Worked();
                failures = 0;
                if (pause > TimeSpan.Zero && await queue.WaitAsync(pause, stop))
                {
                    var early = Gathering - clock.GetElapsedTime(startedAt);
                    if (early > TimeSpan.Zero)
                    {
                        await Task.Delay(early, stop);
                    }
                }
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await Task.Delay(backoff.Failed(exception, failures++), stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>How long to wait before the next look, unless it is woken.</returns>
    private async Task<TimeSpan> LookAsync(CancellationToken stop)
    {
        await maintenance.RunAsync(stop);
        var room = executor.Room;
        if (room > 0)
        {
            var sentAt = clock.GetTimestamp();
            // Not to be cancelled: what is claimed without our hearing of it waits for the end of its lease.
            var jobs = await store.ClaimAsync(catalog.Kinds, room, CancellationToken.None);
            executor.Add(jobs, sentAt, isMoreWanted: jobs.Count == room);
            if (jobs.Count == room && executor.Room > 0)
            {
                return TimeSpan.Zero;
            }

            _pause =
                jobs.Count > 0 ? ShortestPause : Min(_pause * 2, TimeSpan.FromMilliseconds(settings.PollMilliseconds));
        }

        return _pause * (0.75 + Random.Shared.NextDouble() / 2);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task EndAsync(Task work, TimeSpan atMost) =>
        await work.WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
