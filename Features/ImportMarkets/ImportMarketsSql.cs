namespace MarketsApi.Features.ImportMarkets;

internal static class ImportMarketsSql
{
    /// <summary>Lives as long as the transaction, and only this connection sees it.</summary>
    public const string CreateStaging = """
        CREATE TEMPORARY TABLE imported_lines (
            line bigint NOT NULL,
            id uuid NOT NULL,
            source text NOT NULL,
            external_id text NOT NULL,
            name text NOT NULL,
            description text NOT NULL,
            category text,
            status text NOT NULL,
            outcome text,
            volume numeric(18, 2) NOT NULL,
            ends_at timestamptz,
            created_at timestamptz,
            creator_id uuid NOT NULL,
            creator_name text NOT NULL,
            import_digest bytea NOT NULL
        ) ON COMMIT DROP
        """;

    /// <summary>The columns in the order in which rows are written.</summary>
    public const string Copy = """
        COPY imported_lines (
            line, id, source, external_id, name, description, category, status, outcome, volume, ends_at, created_at,
            creator_id, creator_name, import_digest
        )
        FROM STDIN (FORMAT binary)
        """;

    /// <summary>Imports go one after another: two that meet in a market would wait for each other.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(@LockKey)";

    /// <summary>The planner knows nothing of a new table until it is analyzed.</summary>
    public const string AnalyzeStaging = "ANALYZE imported_lines";

    /// <summary>Of several lines about one market the last one counts, as if they had been imported one by one.</summary>
    public const string DeleteReplaced = """
        WITH last_lines AS (
            SELECT source, external_id, max(line) AS line
            FROM imported_lines
            GROUP BY source, external_id
            HAVING count(*) > 1
        )
        DELETE FROM imported_lines
        USING last_lines
        WHERE imported_lines.source = last_lines.source
            AND imported_lines.external_id = last_lines.external_id
            AND imported_lines.line < last_lines.line
        """;

    /// <summary>Markets that are here with the same content, which stay as they are.</summary>
    public const string DeleteUnchanged = """
        DELETE FROM imported_lines
        USING markets
        WHERE markets.source = imported_lines.source
            AND markets.external_id = imported_lines.external_id
            AND markets.import_digest = imported_lines.import_digest
        """;

    /// <summary>Locks the markets that are to be changed, so that no request stakes on them or settles them from here on.</summary>
    public const string LockChanged = """
        SELECT count(*)
        FROM (
            SELECT markets.id
            FROM imported_lines
            JOIN markets
                ON markets.source = imported_lines.source
                AND markets.external_id = imported_lines.external_id
            ORDER BY markets.id
            FOR NO KEY UPDATE OF markets
        ) AS locked
        """;

    /// <summary>Lines that would change what people rely on: how and when a market ends on which they have staked, or for which they have decided it here.</summary>
    public const string DeleteForbidden = """
        DELETE FROM imported_lines
        USING markets
        WHERE markets.source = imported_lines.source
            AND markets.external_id = imported_lines.external_id
            AND (markets.status, markets.outcome, markets.ends_at)
                IS DISTINCT FROM (imported_lines.status, imported_lines.outcome, imported_lines.ends_at)
            AND (
                markets.yes_pool + markets.no_pool > 0
                OR EXISTS (
                    SELECT
                    FROM market_history h
                    WHERE h.market_id = markets.id
                        AND h.action = 'changed'
                        AND h.changed_by IS NOT NULL
                        AND (
                            h.changes @> '[{"field": "status"}]'
                            OR h.changes @> '[{"field": "outcome"}]'
                            OR h.changes @> '[{"field": "endsAt"}]'
                        )
                )
            )
        RETURNING imported_lines.line, markets.yes_pool + markets.no_pool > 0 AS has_positions
        """;

    /// <summary>Creators that aren't users yet.</summary>
    public const string InsertCreators = """
        INSERT INTO users (id, display_name, created_at, updated_at)
        SELECT DISTINCT creator_id, creator_name, @Now, @Now
        FROM imported_lines
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>Markets that are here with another content: the volume keeps what has been staked here.</summary>
    public const string UpdateChanged = """
        UPDATE markets
        SET name = imported_lines.name,
            description = imported_lines.description,
            category = imported_lines.category,
            status = imported_lines.status,
            outcome = imported_lines.outcome,
            volume = markets.volume - markets.imported_volume + imported_lines.volume,
            imported_volume = imported_lines.volume,
            import_digest = imported_lines.import_digest,
            ends_at = imported_lines.ends_at,
            resolved_at = CASE
                WHEN imported_lines.status NOT IN ('resolved', 'cancelled') THEN NULL
                WHEN (markets.status, markets.outcome) IS DISTINCT FROM (imported_lines.status, imported_lines.outcome) THEN @Now
                ELSE markets.resolved_at
            END,
            created_at = coalesce(imported_lines.created_at, markets.created_at),
            updated_at = @Now,
            creator_id = imported_lines.creator_id,
            version = markets.version + 1
        FROM imported_lines
        WHERE markets.source = imported_lines.source
            AND markets.external_id = imported_lines.external_id
        """;

    /// <summary>Markets that aren't here.</summary>
    public const string InsertNew = """
        INSERT INTO markets (
            id, source, external_id, name, description, category, status, outcome, volume, imported_volume, import_digest,
            ends_at, created_at, updated_at, resolved_at, creator_id
        )
        SELECT
            id, source, external_id, name, description, category, status, outcome, volume, volume, import_digest,
            ends_at, coalesce(created_at, @Now), @Now, CASE WHEN status IN ('resolved', 'cancelled') THEN @Now END, creator_id
        FROM imported_lines
        WHERE NOT EXISTS (
            SELECT
            FROM markets
            WHERE markets.source = imported_lines.source
                AND markets.external_id = imported_lines.external_id
        )
        ORDER BY line
        """;

    /// <summary>After many changes, so that the next query is planned for the table as it is.</summary>
    public const string Analyze = "ANALYZE users, markets";
}
