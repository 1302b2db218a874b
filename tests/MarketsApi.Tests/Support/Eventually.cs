using System.Diagnostics;

namespace MarketsApi.Tests.Support;

/// <summary>Waiting for what comes by itself.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string>? otherwise = null, TimeSpan? atMost = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > (atMost ?? Patience))
            {
                throw new TimeoutException("It never came to be so: " + otherwise?.Invoke());
            }

            await Task.Delay(25);
        }
    }
}
