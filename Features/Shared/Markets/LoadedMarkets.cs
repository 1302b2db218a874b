using MarketsApi.Infrastructure.Caching;
using Npgsql;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>Work after a verb has committed many markets; the markets stay, even if this work fails.</summary>
internal static class LoadedMarkets
{
    /// <summary>Ensures that no old copy is used again.</summary>
    public static async Task ForgetAllMarketsAsync(this ItemCache cache)
    {
        if (!await cache.ForgetAllAsync())
        {
            await Console.Error.WriteLineAsync(
                "Redis can't be reached: running instances may show old data until their cached copies expire."
            );
        }
    }

    /// <summary>Refreshes what the database knows about its tables, and says so when that is stopped or fails.</summary>
    public static async Task RefreshAsync(Func<CancellationToken, Task> refresh, CancellationToken cancellationToken)
    {
        try
        {
            await refresh(cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException)
        {
            var reason = cancellationToken.IsCancellationRequested ? "stopped" : exception.Message;
            await Console.Error.WriteLineAsync(
                $"All markets are stored, but the database's statistics were not refreshed ({reason}). They are refreshed later without further action; until then searches may be slower."
            );
        }
    }
}
