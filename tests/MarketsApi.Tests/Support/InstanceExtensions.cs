using System.Diagnostics;
using System.Net;

namespace MarketsApi.Tests.Support;

/// <summary>What tests wait for at an instance.</summary>
public static class InstanceExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Waits until this path returns this status.</summary>
    public static async Task UntilAsync(this IInstance instance, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var started = Stopwatch.GetTimestamp();
        while (await StatusOrNullAsync(instance.Client, path) != status)
        {
            if (!instance.IsRunning || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"{path} never returned {status}:\n{instance.Everything}");
            }

            await Task.Delay(25);
        }
    }

    private static async Task<HttpStatusCode?> StatusOrNullAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(path);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
