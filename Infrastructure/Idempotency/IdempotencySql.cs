namespace MarketsApi.Infrastructure.Idempotency;

internal static class IdempotencySql
{
    /// <summary>
    /// Claims the key until the transaction ends, then looks for the first answer. Two statements, so that the second sees what whoever
    /// held the claim before has committed.
    /// </summary>
    public const string Claim = """
        SELECT pg_try_advisory_xact_lock(@Lock);
        SELECT fingerprint, status, location, entity_tag, body
        FROM idempotency_keys
        WHERE id = @Id AND created_at > @KeptSince
        """;

    /// <summary>Stores the answer, over one that is kept no longer, and commits: one trip instead of two.</summary>
    public const string StoreAndCommit = """
        INSERT INTO idempotency_keys (id, fingerprint, status, location, entity_tag, body, created_at)
        VALUES (@Id, @Fingerprint, @Status, @Location, @EntityTag, @Body, @Now)
        ON CONFLICT (id) DO UPDATE
        SET fingerprint = excluded.fingerprint,
            status = excluded.status,
            location = excluded.location,
            entity_tag = excluded.entity_tag,
            body = excluded.body,
            created_at = excluded.created_at;
        COMMIT
        """;

    /// <summary>Deletes some of the answers that are kept no longer.</summary>
    public const string Prune = """
        DELETE FROM idempotency_keys
        WHERE id IN (
            SELECT id
            FROM idempotency_keys
            WHERE created_at <= @KeptSince
            LIMIT @Limit
            FOR UPDATE SKIP LOCKED
        )
        """;
}
