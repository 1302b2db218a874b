using System.Net.Sockets;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>Replaces the client of Redis when it doesn't find back to a Redis that is there.</summary>
/// <remarks>
/// StackExchange.Redis 1.2.6 can stay away for good: where a connection breaks in the moment in which another thread makes the next one, the
/// client takes itself to be waiting for a greeting on a connection that it has already forgotten. Seen in one of about twenty restarts of Redis
/// under load.
/// </remarks>
internal sealed partial class RedisWatch(RedisConnection redis, ILogger<RedisWatch> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>How many looks in a row are in vain before another client is tried: longer than the client itself takes.</summary>
    private const int LooksUntilReplaced = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        var inVain = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                inVain = await redis.AnswersOnBothAsync(stoppingToken) ? 0 : inVain + 1;
                if (inVain >= LooksUntilReplaced)
                {
                    inVain = 0;
                    await redis.ReplaceAsync();
                    LogReplaced();
                }
            }
            catch (Exception exception)
                when (RedisErrors.IsOutage(exception)
                    || exception is SocketException or IOException or OperationCanceledException
                )
            {
                // Redis is away, or the program stops.
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The connections to Redis were made anew: there was no answer on the old ones, and there is on new ones"
    )]
    private partial void LogReplaced();
}
