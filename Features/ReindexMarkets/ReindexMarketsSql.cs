namespace MarketsApi.Features.ReindexMarkets;

internal static class ReindexMarketsSql
{
    /// <summary>The next markets, by id, whose present text has no vector of this model.</summary>
    public const string SelectNext = """
        SELECT m.id, m.name, m.description,
               hashtextextended(m.name, hashtextextended(m.description, 0)) AS text_hash
        FROM markets m
        WHERE m.id > @After
            AND m.status <> 'draft'
            AND NOT EXISTS (
                SELECT
                FROM market_vectors v
                WHERE v.market_id = m.id
                    AND v.model_id = @ModelId
                    AND v.text_hash = hashtextextended(m.name, hashtextextended(m.description, 0))
            )
        ORDER BY m.id
        LIMIT 256
        """;
}
