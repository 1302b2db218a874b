namespace MarketsApi.Infrastructure.Idempotency;

internal static class IdempotencySql
{
    /// <summary>The state of the error that says that a key is held by another request, or has an answer already.</summary>
    public const string NotFree = "MK001";

    /// <summary>Claims a key that nobody has used yet until the transaction ends; fails with <see cref="NotFree"/> when somebody has.</summary>
    public const string Claim = "CALL claim_idempotency_key(@KeyId, @KeyLock)";

    /// <summary>Claims the key until the transaction ends, and looks for the first answer.</summary>
    /// <remarks>
    /// An answer that is committed between the two is not seen; storing a second one then fails, since there can be only one, and the
    /// request starts again. One statement is worth that.
    /// </remarks>
    public const string ClaimAndFind = """
        SELECT pg_try_advisory_xact_lock(@Lock) AS is_claimed, k.fingerprint, k.status, k.location, k.entity_tag, k.body, k.created_at
        FROM (VALUES (@Id)) AS wanted (id)
        LEFT JOIN idempotency_keys k ON k.id = wanted.id
        """;

    /// <summary>Makes room for a new answer where one is kept no longer.</summary>
    public const string Forget = """
        DELETE FROM idempotency_keys
        WHERE id = @Id
        """;

    /// <summary>Stores the answer and commits, in one trip with the handler's last statement where that can be; hence the names of its parameters.</summary>
    public const string StoreAndCommit = """
        INSERT INTO idempotency_keys (id, fingerprint, status, location, entity_tag, body, created_at)
        VALUES (
            @AnswerId, @AnswerFingerprint, @AnswerStatus, @AnswerLocation, @AnswerEntityTag, @AnswerBody, @AnsweredAt
        );
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
