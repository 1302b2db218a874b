using System.Globalization;

namespace MarketsApi.Tests.Support;

/// <summary>The Redis that <c>./test</c> has started for all tests.</summary>
public static class TestRedis
{
    /// <summary>How many databases it has: see scripts/redis.sh.</summary>
    private const int Databases = 4_096;

    private static int _last;

    /// <summary>A database of it that no other fixture uses, with channels of its own; empty where there is no Redis.</summary>
    public static string NewConnectionString()
    {
        var number = Interlocked.Increment(ref _last) % Databases;
        return Environment.GetEnvironmentVariable("TEST_REDIS") is { Length: > 0 } address
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{address},defaultDatabase={number},channelPrefix={Environment.ProcessId}-{number}:"
            )
            : "";
    }
}
