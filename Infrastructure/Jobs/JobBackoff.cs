namespace MarketsApi.Infrastructure.Jobs;

/// <summary>Logs once that the database is unavailable, and once that it is back; says how long to wait between tries.</summary>
internal sealed partial class JobBackoff(TimeProvider clock, ILogger<JobBackoff> logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private long _since;

    /// <returns>How long to wait before the next try: longer each time, and never the same for two instances.</returns>
    public TimeSpan Failed(Exception exception, int tries)
    {
        lock (_lock)
        {
            if (_since == 0)
            {
                _since = clock.GetTimestamp();
                if (DatabaseErrors.IsUnavailable(exception))
                {
                    LogAway(exception.Message);
                }
                else
                {
                    LogBroken(exception);
                }
            }
        }

        var wait = FirstWait * Math.Pow(2, Math.Min(tries, 10));
        return (wait < LongestWait ? wait : LongestWait) * (0.5 + Random.Shared.NextDouble() / 2);
    }

    public void Worked()
    {
        if (Volatile.Read(ref _since) == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_since != 0)
            {
                var seconds = clock.GetElapsedTime(_since).TotalSeconds;
                LogBack(seconds);
                _since = 0;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs are paused because the database is unavailable: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Jobs are paused because the queue can't be used")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Jobs resumed after {Seconds} s")]
    private partial void LogBack(double seconds);
}
