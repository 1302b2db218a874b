using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Watches as the API would have left them.</summary>
internal static class WatchRows
{
    /// <summary>Adds a user's watch with this time.</summary>
    public static Task<int> AddWatchAsync(
        this ApiFixture api,
        User user,
        Guid market,
        DateTime watchedAt,
        string? note = null
    ) =>
        api.Database.ExecuteAsync(
            """
            WITH watcher AS (
                INSERT INTO users (id, display_name, created_at, updated_at)
                VALUES (@Id, @Name, now(), now())
                ON CONFLICT (id) DO NOTHING
            )
            INSERT INTO watched_markets (market_id, user_id, note, watched_at)
            VALUES (@market, @Id, @note, @watchedAt)
            """,
            new
            {
                user.Id,
                user.Name,
                market,
                note,
                watchedAt,
            }
        );

    /// <summary>The markets that a user watches.</summary>
    public static Task<IReadOnlyList<Guid>> WatchedByAsync(this ApiFixture api, User user) =>
        api.Database.QueryAsync<Guid>("SELECT market_id FROM watched_markets WHERE user_id = @Id", new { user.Id });
}
