namespace MarketsApi.Tests.Reliability;

/// <summary>What is true of pools whenever no write is running.</summary>
internal static class PoolInvariants
{
    /// <summary>A row for each market whose sums are wrong and each position whose tile is.</summary>
    public const string SelectWrong = """
        SELECT 'sum of ' || m.id
        FROM markets m
        LEFT JOIN LATERAL (
            SELECT count(*) AS number,
                   coalesce(sum(stake) FILTER (WHERE outcome = 'yes'), 0) AS yes,
                   coalesce(sum(stake) FILTER (WHERE outcome = 'no'), 0) AS no,
                   coalesce(
                       sum(pool_payout(m.status, m.outcome, m.yes_pool, m.no_pool, outcome, stakes_before, stake)),
                       0
                   ) AS paid
            FROM positions
            WHERE market_id = m.id
        ) p ON true
        WHERE m.yes_pool <> yes OR m.no_pool <> no OR m.revision <> number
            OR m.volume <> m.imported_volume + yes + no
            OR (m.status IN ('resolved', 'cancelled') AND paid <> yes + no)
            OR (m.status IN ('resolved', 'cancelled')) <> (m.resolved_at IS NOT NULL)
        UNION ALL
        SELECT 'tile of ' || id
        FROM (
            SELECT id, probability, stakes_before IS DISTINCT FROM
                sum(stake) OVER (PARTITION BY market_id, outcome ORDER BY stakes_before NULLS FIRST) - stake AS is_wrong
            FROM positions
        ) AS tiles
        WHERE is_wrong OR probability IS NULL
        """;
}
