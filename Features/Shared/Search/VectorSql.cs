namespace MarketsApi.Features.Shared.Search;

/// <summary>The statements about vectors.</summary>
internal static class VectorSql
{
    public const string SelectModels = """
        SELECT id, provider, name, dimensions, completed_at
        FROM embedding_models
        ORDER BY completed_at DESC NULLS LAST, id DESC
        """;

    public const string InsertModel = """
        INSERT INTO embedding_models (provider, name, dimensions, created_at)
        VALUES (@Provider, @Name, @Dimensions, @Now)
        ON CONFLICT (provider, name, dimensions) DO NOTHING
        """;

    /// <summary>Records it as the last completed model, unless it is already.</summary>
    public const string CompleteModel = """
        UPDATE embedding_models
        SET completed_at = @Now
        WHERE id = @Id
            AND (
                completed_at IS NULL
                OR EXISTS (
                    SELECT
                    FROM embedding_models later
                    WHERE later.id <> @Id AND later.completed_at > embedding_models.completed_at
                )
            )
        """;

    /// <summary>Models that were in use before this one, once it has been complete for long enough; their vectors go with them.</summary>
    public const string DeleteFormerModels = """
        DELETE FROM embedding_models former
        USING embedding_models present
        WHERE present.id = @Id
            AND present.completed_at < @CompletedBefore
            AND former.id <> @Id
            AND coalesce(former.completed_at, former.created_at) < present.completed_at
        """;

    /// <summary>Only for markets whose text is still the same: a changed one has a newer job. Held, so that none of them goes meanwhile.</summary>
    public const string Upsert = """
        WITH made AS (
            SELECT *
            FROM unnest(@MarketId::uuid[], @ModelId::smallint[], @TextHash::bigint[], @Bits, @Vector::bytea[])
                AS made (market_id, model_id, text_hash, bits, vector)
        ),
        present AS (
            SELECT m.id
            FROM markets m
            JOIN made ON made.market_id = m.id
            WHERE m.status <> 'draft'
                AND hashtextextended(m.name, hashtextextended(m.description, 0)) = made.text_hash
            ORDER BY m.id
            FOR KEY SHARE OF m
        ),
        stored AS (
            INSERT INTO market_vectors (market_id, model_id, text_hash, vector)
            SELECT made.market_id, made.model_id, made.text_hash, made.vector
            FROM made
            JOIN present ON present.id = made.market_id
            ON CONFLICT (market_id, model_id) DO UPDATE
            SET text_hash = excluded.text_hash, vector = excluded.vector
            RETURNING market_id, model_id
        )
        INSERT INTO market_signs (market_id, model_id, bits)
        SELECT stored.market_id, stored.model_id, made.bits
        FROM stored
        JOIN made ON made.market_id = stored.market_id
        ON CONFLICT (market_id, model_id) DO UPDATE
        SET bits = excluded.bits, changed = pg_current_xact_id()
        """;

    /// <summary>The vectors of these markets.</summary>
    public const string SelectVectors = """
        SELECT coalesce(array_agg(market_id), '{}') AS market_ids, coalesce(array_agg(vector), '{}') AS vectors
        FROM market_vectors
        WHERE model_id = @ModelId AND market_id = ANY(@Ids)
        """;

    /// <summary>
    /// The signs that were written since a snapshot, and where the next one continues. What a transaction writes is seen once it has
    /// ended, and all with lower numbers than the horizon have. Rows of a database that was restored from another can have numbers
    /// that are still to come.
    /// </summary>
    public const string SelectSigns = """
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, s.market_id, s.bits
        FROM (SELECT) AS one
        LEFT JOIN market_signs s
            ON s.model_id = @ModelId
            AND s.changed >= @Since::text::xid8
            AND s.changed < pg_snapshot_xmax(pg_current_snapshot())
        """;

    /// <summary>The next 10,000 signs of a model by market. What is written while they are read has numbers behind the first page's horizon.</summary>
    public const string SelectPageOfSigns = """
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, s.market_id, s.bits
        FROM (SELECT) AS one
        LEFT JOIN (
            SELECT market_id, bits
            FROM market_signs
            WHERE model_id = @ModelId AND market_id > @After
            ORDER BY market_id
            LIMIT 10000
        ) s ON true
        ORDER BY s.market_id
        """;

    /// <summary>The start of the statement that finds neighbours in the database: the most alike by their signs.</summary>
    public const string Nearest = """
        WITH alike AS MATERIALIZED (
            SELECT s.market_id
            FROM market_signs s
        """;

    public const string JoinMarkets = "JOIN markets m ON m.id = s.market_id";

    public const string OfModel = "WHERE s.model_id = @ModelId AND s.market_id <> @Except";

    public const string OfStatus = "AND m.status = @Status";

    public const string OfCategory = "AND m.category = @Category";

    public const string ByComparingAll = "ORDER BY bit_count(s.bits # @Bits), s.market_id";

    /// <summary>The same by the index of the extension pgvector.</summary>
    public const string ByIndex = "ORDER BY s.bits <~> @Bits";

    /// <summary>The end: what is needed to compare them exactly. LATERAL, since a generic plan takes LIMIT for a tenth of the table and would read all vectors.</summary>
    public const string Vectors = """
            LIMIT @Candidates
        )
        SELECT coalesce(array_agg(near.market_id), '{}') AS market_ids, coalesce(array_agg(near.vector), '{}') AS vectors
        FROM alike
        CROSS JOIN LATERAL (
            SELECT v.market_id, v.vector
            FROM market_vectors v
            WHERE v.market_id = alike.market_id AND v.model_id = @ModelId
            OFFSET 0
        ) near
        """;

    /// <summary>The index looks at as many candidates as are asked for, and at more where other conditions leave too few.</summary>
    public const string SearchWidely =
        "SELECT set_config('hnsw.ef_search', '400', true), set_config('hnsw.iterative_scan', 'relaxed_order', true)";

    public const string SelectExtension = "SELECT extversion FROM pg_extension WHERE extname = 'vector'";

    public const string HasIndex = """
        SELECT EXISTS (
            SELECT
            FROM pg_index
            WHERE indexrelid = to_regclass('market_signs_by_bits') AND indisvalid
        )
        """;

    /// <summary>A lock of its own: search_refresh takes another, and must not wait for an index that takes hours.</summary>
    public const string TryLock = "SELECT pg_try_advisory_lock(@CreateVectorIndex)";

    public const string Unlock = "SELECT pg_advisory_unlock(@CreateVectorIndex)";

    public const string DropIndex = "DROP INDEX IF EXISTS market_signs_by_bits";

    public const string CreateIndex =
        "CREATE INDEX CONCURRENTLY market_signs_by_bits ON market_signs USING hnsw (bits bit_hamming_ops)";
}
