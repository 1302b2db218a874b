using MarketsApi.Features.Shared.Markets;

namespace MarketsApi.Features.SearchMarkets;

/// <summary>The statements of the search.</summary>
/// <remarks>
/// Names and descriptions by BM25F (Zaragoza et al., TREC 2004) with k = 0.9 and b = 0.6 and 0.75, a description's word worth a tenth of
/// a name's; then by how many of the query's words were found. search_new_markets gives what was written in the last seconds and isn't
/// in the index yet. Markets are looked up one by one, best first, until enough pass the filters. Ideal is what a name of average length
/// with all words of the query would score.
/// </remarks>
internal static class SearchMarketsSql
{
    /// <summary>The best by words, and whether an exhaustive search would look for more; without a hit, a row that says just that.</summary>
    /// <remarks>
    /// However common its words are, a query looks at some thousands of markets only: its budget. Of a word that more of them have, it takes
    /// those that come first in the table, and the more words there are, the fewer of each. Words that only add to what rarer ones find are
    /// looked for in just that: in names first, since reading which descriptions have a rarer word takes half of a long query's time. Where a
    /// thousand markets have something rarer, and a filter leaves none of them, those that only have common words are no answer.
    /// </remarks>
    public const string SelectHits = $"""
        WITH terms AS MATERIALIZED (
            SELECT *,
                   count(*) OVER (PARTITION BY word_number) > 1 AS is_ambiguous,
                   greatest(4000 / word_count / count(*) OVER (PARTITION BY word_number), 200) AS budget
            FROM search_terms(@Text, @IsExhaustive)
        ),
        rarer AS MATERIALIZED (
            SELECT found.market_id, found.name_length, found.name_stems
            FROM (SELECT basis FROM terms WHERE basis IS NOT NULL LIMIT 1) common
            CROSS JOIN LATERAL (
                SELECT market_id, name_length, name_stems
                FROM search_markets
                WHERE name_stems @@ common.basis
                UNION ALL
                SELECT market_id, name_length, name_stems
                FROM search_markets
                WHERE description_stems @@ common.basis AND NOT name_stems @@ common.basis
                LIMIT (SELECT least(2000, 8000 / nullif(count(*), 0)) FROM terms WHERE basis IS NOT NULL)
            ) found
        ),
        matches AS (
            SELECT found.market_id, terms.word_number, terms.word_count, terms.is_ambiguous,
                   terms.weight / (1 + 0.9 * (0.4 + 0.6 * found.name_length / terms.name_length)) AS score, true AS is_name
            FROM terms
            CROSS JOIN LATERAL (
                SELECT market_id, name_length
                FROM search_markets
                WHERE terms.basis IS NULL AND name_stems @@ terms.stem
                LIMIT terms.budget
            ) found
            UNION ALL
            SELECT rarer.market_id, terms.word_number, terms.word_count, terms.is_ambiguous,
                   terms.weight / (1 + 0.9 * (0.4 + 0.6 * rarer.name_length / terms.name_length)) AS score, true
            FROM terms
            JOIN rarer ON rarer.name_stems @@ terms.stem
            WHERE terms.basis IS NOT NULL
            UNION ALL
            SELECT found.market_id, terms.word_number, terms.word_count, terms.is_ambiguous,
                   terms.weight / (1 + 9 * (0.25 + 0.75 * found.description_length / terms.description_length)) AS score, false
            FROM terms
            CROSS JOIN LATERAL (
                SELECT market_id, description_length
                FROM search_markets
                WHERE terms.in_descriptions AND description_stems @@ terms.stem
                LIMIT terms.budget
            ) found
            UNION ALL
            SELECT s.market_id, terms.word_number, terms.word_count, terms.is_ambiguous, {Score}, true
            FROM search_new_markets(@Text) s
            CROSS JOIN terms
            WHERE (
                    s.name_stems @@ terms.stem
                    AND (terms.basis IS NULL OR s.name_stems @@ terms.basis OR s.description_stems @@ terms.basis)
                )
                OR (terms.in_descriptions AND s.description_stems @@ terms.stem)
        ),
        words AS (
            SELECT market_id, word_number, word_count, score
            FROM matches
            WHERE NOT is_ambiguous
            UNION ALL
            SELECT market_id, word_number, word_count,
                   coalesce(max(score) FILTER (WHERE is_name), 0) + coalesce(max(score) FILTER (WHERE NOT is_name), 0)
            FROM matches
            WHERE is_ambiguous
            GROUP BY market_id, word_number, word_count
        ),
        hits AS (
            SELECT market_id,
                   sum(score) * power(bit_count(bit_or(1 << word_number)::bit(32))::float8 / max(word_count), 0.7) AS score
            FROM words
            GROUP BY market_id
        ),
        {Ideal}
        SELECT {Found},
               (SELECT coalesce(bool_or(is_left_out), false) FROM terms) AND (SELECT count(*) FROM hits) < 1000 AS leaves_out
        FROM (
            SELECT hits.market_id AS id, hits.score
            FROM (SELECT * FROM hits ORDER BY score DESC, market_id) hits
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
        ) best
        """;

    /// <summary>From how many on the markets that pass the filters are too many to compare each of them with what is looked for.</summary>
    public const string Many = "1500";

    /// <summary>The markets that pass the filters, as long as they are not many. In the order of an index, so that the planner takes it.</summary>
    public const string SelectFew = $"""
        SELECT id
        FROM markets
        WHERE status <> 'draft' /* filters */
        ORDER BY status, created_at
        LIMIT {Many}
        """;

    /// <summary>The best of the given markets by words; all that have any of them, however common it is.</summary>
    public const string SelectHitsAmong = $"""
        WITH terms AS MATERIALIZED (
            SELECT * FROM search_terms(@Text, true)
        ),
        matches AS (
            SELECT s.market_id, terms.word_number, terms.word_count, {Score} AS score
            FROM (
                SELECT market_id, name_length, description_length, name_stems, description_stems
                FROM search_markets
                WHERE market_id = ANY(@Ids)
                UNION ALL
                SELECT market_id, name_length, description_length, name_stems, description_stems
                FROM search_new_markets(@Text)
                WHERE market_id = ANY(@Ids)
            ) s
            CROSS JOIN terms
            WHERE s.name_stems @@ terms.stem OR (terms.in_descriptions AND s.description_stems @@ terms.stem)
        ),
        {Ideal}
        SELECT {Found}
        FROM (
            SELECT market_id AS id, sum(score) * power(count(*)::float8 / max(word_count), 0.7) AS score
            FROM (
                SELECT market_id, word_number, max(word_count) AS word_count, max(score) AS score
                FROM matches
                GROUP BY market_id, word_number
            ) words
            GROUP BY market_id
            ORDER BY score DESC, market_id
            LIMIT @Limit
        ) best
        """;

    /// <summary>What the response says of the markets that were found.</summary>
    public const string SelectItems = $"""
        SELECT {MarketSql.ItemColumns},
               (SELECT u.display_name FROM users u WHERE u.id = m.creator_id) AS creator_display_name
        FROM markets m
        WHERE m.id = ANY(@Ids) AND m.status <> 'draft'
        """;

    /// <summary>The best, in one row instead of two hundred, and the ideal.</summary>
    private const string Found = """
        coalesce(array_agg(best.id ORDER BY best.score DESC, best.id), '{}') AS ids,
               coalesce(array_agg(round(best.score::numeric, 6)::float8 ORDER BY best.score DESC, best.id), '{}') AS scores,
               (SELECT score FROM ideal) AS ideal
        """;

    /// <summary>What a name of average length that has all words of the query is worth.</summary>
    private const string Ideal = """
        ideal AS (
            SELECT sum(best) / 1.9 AS score
            FROM (
                SELECT coalesce(max(weight) FILTER (WHERE occurs), max(weight)) AS best
                FROM terms
                GROUP BY word_number
            ) words
        )
        """;

    /// <summary>What a stem is worth in one market, by its name and description together.</summary>
    private const string Score = """
        terms.weight * (
                CASE
                    WHEN s.name_stems @@ terms.stem
                    THEN 1 / (1 + 0.9 * (0.4 + 0.6 * s.name_length / terms.name_length))
                    ELSE 0
                END
                + CASE
                    WHEN terms.in_descriptions AND s.description_stems @@ terms.stem
                    THEN 1 / (1 + 9 * (0.25 + 0.75 * s.description_length / terms.description_length))
                    ELSE 0
                END
            )
        """;
}
