using MarketsApi.Features.Shared.Markets;
#if (isWrite)
using MarketsApi.Features.Shared.Users;
#endif

namespace MarketsApi.Features.WatchMarket;

internal static class WatchMarketSql
{
#if (isWrite)
    /// <summary>The row, new or with another note, and the row of the user who writes; none of it when the market is not there for them.</summary>
    public const string Upsert = $"""
        WITH market AS (
            SELECT m.id
            FROM markets m
            WHERE m.id = @MarketId AND {MarketSql.IsVisible}
            FOR KEY SHARE
        ),
        writer AS (
            {UserSql.UpsertWhereMarket}
        )
        INSERT INTO watched_markets (market_id, user_id, note, saved_at)
        SELECT id, @UserId, @Note, @Now
        FROM market
        ON CONFLICT (market_id, user_id) DO UPDATE
        SET note = excluded.note
        RETURNING market_id, note, saved_at
        """;
#else
    /// <summary>The market, when it is there for the caller: the statement to begin with.</summary>
    public const string Select = $"""
#if (hasTable)
        SELECT m.id AS market_id, coalesce(@Note, saved.note) AS note, coalesce(saved.saved_at, @Now) AS saved_at
        FROM markets m
        LEFT JOIN watched_markets saved ON saved.market_id = m.id AND saved.user_id = @UserId
#else
        SELECT m.id AS market_id, @Note AS note, @Now AS saved_at
        FROM markets m
#endif
        WHERE m.id = @MarketId AND {MarketSql.IsVisible}
        """;
#endif
}
