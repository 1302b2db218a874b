using MarketsApi.Features.Shared.Jobs;

namespace MarketsApi.Features.IndexMarket;

internal static class IndexMarketSql
{
    /// <summary>Queues the job, or finds the one that waits already; no row when there is no such market.</summary>
    public const string Insert = $"""
        {EnqueueSql.Insert}
        SELECT @JobId, 'index-market', m.id, m.id::text, @Now, @Now, @TraceParent
        FROM markets m
        WHERE m.id = @Id
        {EnqueueSql.OrHurry}
        RETURNING id AS job_id
        """;

    /// <summary>Markets' texts, unless there is a vector of just that; nor do drafts get one, or markets that are gone.</summary>
    public const string SelectTexts = """
        SELECT m.id, m.name, m.description, hashtextextended(m.name, hashtextextended(m.description, 0)) AS text_hash
        FROM unnest(@MarketIds) AS asked (market_id)
        JOIN markets m ON m.id = asked.market_id
        WHERE m.status <> 'draft'
            AND NOT EXISTS (
                SELECT
                FROM market_vectors v
                WHERE v.market_id = asked.market_id
                    AND v.model_id = @ModelId
                    AND v.text_hash = hashtextextended(m.name, hashtextextended(m.description, 0))
            )
        """;
}
