using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>What an exception says about Redis.</summary>
internal static class RedisErrors
{
    /// <summary>Whether this is Redis being away or slow, rather than a mistake.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is RedisException or TimeoutException or ObjectDisposedException;
}
