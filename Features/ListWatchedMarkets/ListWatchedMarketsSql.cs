using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListWatchedMarkets;

/// <summary>The fragments of the list's statement, in their order.</summary>
internal static class ListWatchedMarketsSql
{
    public const string Start = $"""
        SELECT m.id, m.external_id, m.name, m.category, m.status, m.outcome, m.volume, m.yes_pool, m.no_pool,
               m.ends_at, m.created_at, m.updated_at, m.resolved_at, m.version,
               m.creator_id, u.display_name AS creator_display_name,
               w.note, w.watched_at
        FROM watched_markets w
        JOIN markets m ON m.id = w.market_id
        JOIN users u ON u.id = m.creator_id
        WHERE w.user_id = @UserId AND {MarketSql.IsVisible}
        """;

    public const string After = "AND (w.watched_at, w.market_id) < (@KeyTime, @KeyId)";

    public const string End = """
        ORDER BY w.watched_at DESC, w.market_id DESC
        LIMIT @Take
        """;
}
