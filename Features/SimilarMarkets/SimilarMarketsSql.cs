using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SimilarMarkets;

internal static class SimilarMarketsSql
{
    /// <summary>The market with the vector of its present text.</summary>
    public const string SelectMarket = """
        SELECT m.status, m.creator_id, m.name, m.description, v.vector
        FROM markets m
        LEFT JOIN market_vectors v
            ON v.market_id = m.id
            AND v.model_id = @ModelId
            AND v.text_hash = hashtextextended(m.name, hashtextextended(m.description, 0))
        WHERE m.id = @Id
        """;

    /// <summary>Those that are near, in the order of the ids, with what each is like.</summary>
    public const string SelectItems = $"""
        SELECT {MarketSql.ItemColumns}, u.display_name AS creator_display_name,
               near.score
        FROM unnest(@Ids, @Scores) WITH ORDINALITY AS near (id, score, place)
        JOIN markets m ON m.id = near.id
        JOIN users u ON u.id = m.creator_id
        WHERE m.status <> 'draft'
        ORDER BY near.place
        """;
}
