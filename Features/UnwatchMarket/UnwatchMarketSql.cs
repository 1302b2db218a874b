using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.UnwatchMarket;

internal static class UnwatchMarketSql
{
    /// <summary>Ends the watch, if there is one; a row says that the market is there for the caller.</summary>
    public const string Delete = $"""
        WITH ended AS (
            DELETE FROM watched_markets
            WHERE market_id = @MarketId AND user_id = @UserId
        )
        SELECT m.id::text
        FROM markets m
        WHERE m.id = @MarketId AND {MarketSql.IsVisible}
        """;
}
