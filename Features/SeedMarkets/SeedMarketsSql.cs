namespace MarketsApi.Features.SeedMarkets;

internal static class SeedMarketsSql
{
    /// <summary>Live as long as the transaction, and only this connection sees them.</summary>
    public const string CreateStaging = """
        CREATE TEMPORARY TABLE seeded_users (
            id uuid NOT NULL,
            display_name text NOT NULL,
            created_at timestamptz NOT NULL
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE seeded_markets (
            id uuid NOT NULL,
            name text NOT NULL,
            description text NOT NULL,
            category text,
            status text NOT NULL,
            outcome text,
            volume numeric(18, 2) NOT NULL,
            yes_pool numeric(18, 2) NOT NULL,
            no_pool numeric(18, 2) NOT NULL,
            ends_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            resolved_at timestamptz,
            creator_id uuid NOT NULL,
            version bigint NOT NULL,
            revision bigint NOT NULL
        ) ON COMMIT DROP;
        CREATE TEMPORARY TABLE seeded_positions (
            id uuid NOT NULL,
            market_id uuid NOT NULL,
            user_id uuid NOT NULL,
            outcome text NOT NULL,
            stake numeric(18, 2) NOT NULL,
            stakes_before numeric(18, 2) NOT NULL,
            probability numeric(5, 4) NOT NULL,
            created_at timestamptz NOT NULL
        ) ON COMMIT DROP
        """;

    /// <summary>The columns in the order in which rows are written.</summary>
    public const string CopyUsers = "COPY seeded_users (id, display_name, created_at) FROM STDIN (FORMAT binary)";

    /// <summary>The columns in the order in which rows are written.</summary>
    public const string CopyMarkets = """
        COPY seeded_markets (
            id, name, description, category, status, outcome, volume, yes_pool, no_pool, ends_at, created_at, updated_at,
            resolved_at, creator_id, version, revision
        )
        FROM STDIN (FORMAT binary)
        """;

    /// <summary>The columns in the order in which rows are written.</summary>
    public const string CopyPositions = """
        COPY seeded_positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
        FROM STDIN (FORMAT binary)
        """;

    /// <summary>The planner knows nothing of new tables until they are analyzed.</summary>
    public const string AnalyzeStaging = "ANALYZE seeded_markets, seeded_positions";

    /// <summary>Users that aren't there.</summary>
    public const string InsertUsers = """
        INSERT INTO users (id, display_name, created_at, updated_at)
        SELECT id, display_name, created_at, created_at
        FROM seeded_users
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>Markets that aren't there, with their positions; those that are there keep what has become of them.</summary>
    public const string InsertMarkets = """
        WITH new_markets AS (
            INSERT INTO markets (
                id, name, description, category, status, outcome, volume, yes_pool, no_pool, ends_at, created_at,
                updated_at, resolved_at, creator_id, version, revision
            )
            SELECT
                id, name, description, category, status, outcome, volume, yes_pool, no_pool, ends_at, created_at,
                updated_at, resolved_at, creator_id, version, revision
            FROM seeded_markets
            ON CONFLICT (id) DO NOTHING
            RETURNING id
        ),
        new_positions AS (
            INSERT INTO positions (id, market_id, user_id, outcome, stake, stakes_before, probability, created_at)
            SELECT
                seeded_positions.id, seeded_positions.market_id, seeded_positions.user_id, seeded_positions.outcome,
                seeded_positions.stake, seeded_positions.stakes_before, seeded_positions.probability,
                seeded_positions.created_at
            FROM seeded_positions
            JOIN new_markets ON new_markets.id = seeded_positions.market_id
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM new_markets) AS markets, (SELECT count(*) FROM new_positions) AS positions
        """;

    /// <summary>So that the next query is planned for the tables as they are.</summary>
    public const string Analyze = "ANALYZE users, markets, positions";
}
