using MarketsApi.Features.Shared.Markets;
using MarketsApi.Features.Shared.Users;

namespace MarketsApi.Features.WatchMarket;

internal static class WatchMarketSql
{
    /// <summary>The watch, new or with another note, and the row of the user who watches; none of it when the market isn't there for them. The market can't go meanwhile.</summary>
    public const string Upsert = $"""
        WITH market AS (
            SELECT m.id
            FROM markets m
            WHERE m.id = @MarketId AND {MarketSql.IsVisible}
            FOR KEY SHARE
        ),
        watcher AS (
            {UserSql.UpsertWhereMarket}
        )
        INSERT INTO watched_markets (market_id, user_id, note, watched_at)
        SELECT id, @UserId, @Note, @Now
        FROM market
        ON CONFLICT (market_id, user_id) DO UPDATE
        SET note = excluded.note
        RETURNING market_id, note, watched_at
        """;
}
