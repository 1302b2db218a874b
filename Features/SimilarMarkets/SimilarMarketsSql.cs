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
    public const string SelectItems = """
        SELECT m.id, m.external_id, m.name, m.category, m.status, m.outcome, m.volume, m.yes_pool, m.no_pool,
               m.ends_at, m.created_at, m.updated_at, m.resolved_at, m.version,
               m.creator_id, u.display_name AS creator_display_name,
               near.score
        FROM unnest(@Ids, @Scores) WITH ORDINALITY AS near (id, score, place)
        JOIN markets m ON m.id = near.id
        JOIN users u ON u.id = m.creator_id
        WHERE m.status <> 'draft'
        ORDER BY near.place
        """;
}
