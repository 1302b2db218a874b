using System.Diagnostics;

namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Keeps the leases of all held jobs alive by one statement, and ends the run of a job whose lease is gone.</summary>
internal sealed class JobLeases(
    LeasedJobs held,
    JobExecutor lanes,
    JobStore store,
    JobBackoff outage,
    JobSettings settings
)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var beat = settings.Lease / 4;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(beat, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (held.IsEmpty)
            {
                continue;
            }

            lanes.GiveBackSurplus();
            await RenewAsync(beat, cancellationToken);
            foreach (var job in held.All)
            {
                if (job.LeaseAge > settings.Lease)
                {
                    job.Lose();
                }
            }
        }
    }

    private async Task RenewAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var jobs = held.All;
        var sentAt = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(atMost);
        try
        {
            var renewed = await store.RenewAsync([.. jobs.Select(job => job.Job.Id)], limit.Token);
            outage.Worked();
            foreach (var job in jobs)
            {
                if (renewed.Contains(job.Key))
                {
                    job.Renew(sentAt);
                }
                else
                {
                    job.Lose();
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nothing is held any more.
        }
        catch (Exception exception)
        {
            outage.Failed(exception, 0);
        }
    }
}
