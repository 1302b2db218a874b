using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.GetMarket;

internal static class GetMarketSql
{
    /// <summary>One market with its creator's name.</summary>
    public const string Select = $"""
        SELECT {MarketSql.Columns}, u.display_name AS creator_display_name
        FROM markets m
        JOIN users u ON u.id = m.creator_id
        WHERE m.id = @id
        """;
}
