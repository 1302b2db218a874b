using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>The statements of the search.</summary>
/// <remarks>
/// Names and descriptions by BM25F (Zaragoza et al., TREC 2004) with k = 0.9 and b = 0.6 and 0.75, a description's word worth a tenth of a name's; then by how many of the query's words
/// were found. Markets are looked up one by one, best first, until enough pass
/// the filters. Ideal is what a name of average length with all words of the query would score.
/// </remarks>
internal static class SearchMarketsSql
{
    public const string SelectHits = """
        WITH terms AS MATERIALIZED (
            SELECT * FROM search_terms(@Text, @IsExhaustive)
        ),
        matches AS (
            SELECT found.market_id, terms.word_number, terms.word_count,
                   terms.weight / (1 + 0.9 * (0.4 + 0.6 * found.name_length / terms.name_length)) AS score
            FROM terms
            CROSS JOIN LATERAL (
                SELECT market_id, name_length
                FROM search_markets
                WHERE terms.basis IS NULL AND name_stems @@ terms.stem
                OFFSET 0
            ) found
            UNION ALL
            SELECT found.market_id, terms.word_number, terms.word_count,
                   terms.weight / (1 + 0.9 * (0.4 + 0.6 * found.name_length / terms.name_length)) AS score
            FROM terms
            CROSS JOIN LATERAL (
                SELECT market_id, name_length
                FROM search_markets
                WHERE terms.basis IS NOT NULL
                    AND name_stems @@ terms.stem
                    AND (name_stems @@ terms.basis OR description_stems @@ terms.basis)
                OFFSET 0
            ) found
            UNION ALL
            SELECT found.market_id, terms.word_number, terms.word_count,
                   terms.weight / (1 + 9 * (0.25 + 0.75 * found.description_length / terms.description_length)) AS score
            FROM terms
            CROSS JOIN LATERAL (
                SELECT market_id, description_length
                FROM search_markets
                WHERE terms.in_descriptions AND description_stems @@ terms.stem
                OFFSET 0
            ) found
        ),
        hits AS (
            SELECT market_id,
                   sum(score) * power(bit_count(bit_or(1 << word_number)::bit(32))::float8 / max(word_count), 0.7) AS score
            FROM matches
            GROUP BY market_id
            ORDER BY score DESC, market_id
        ),
        ideal AS (
            SELECT sum(best) / 1.9 AS score
            FROM (
                SELECT coalesce(max(weight) FILTER (WHERE occurs), max(weight)) AS best
                FROM terms
                GROUP BY word_number
            ) words
        )
        SELECT hits.market_id AS id, round(hits.score::numeric, 6)::float8 AS score, (SELECT score FROM ideal) AS ideal
        FROM hits
        CROSS JOIN LATERAL (
            SELECT
            FROM markets
            WHERE markets.id = hits.market_id
                AND markets.status <> 'draft'
                AND (@Status::text IS NULL OR markets.status = @Status)
                AND (@Category::text IS NULL OR markets.category = @Category)
            LIMIT 1
        ) m
        ORDER BY hits.score DESC, hits.market_id
        LIMIT @Limit
        """;

    /// <summary>What the response says of the markets that were found.</summary>
    public const string SelectItems = $"""
        SELECT {MarketSql.ItemColumns},
               (SELECT u.display_name FROM users u WHERE u.id = m.creator_id) AS creator_display_name
        FROM markets m
        WHERE m.id = ANY(@Ids) AND m.status <> 'draft'
        """;
}
