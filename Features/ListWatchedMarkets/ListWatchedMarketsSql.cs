using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.ListWatchedMarkets;

internal static class ListWatchedMarketsSql
{
    public const string Select = $"""
        SELECT {MarketSql.ItemColumns}, u.display_name AS creator_display_name,
               w.note, w.watched_at
        FROM watched_markets w
        JOIN markets m ON m.id = w.market_id
        JOIN users u ON u.id = m.creator_id
        WHERE w.user_id = @UserId AND {MarketSql.IsVisible} /* after */
        ORDER BY w.watched_at DESC, w.market_id DESC
        LIMIT @Take
        """;

    public const string After = "AND (w.watched_at, w.market_id) < (@KeyTime, @KeyId)";
}
