namespace MarketsApi.Infrastructure.Idempotency;

internal static class IdempotencySql
{
    /// <summary>The state of the error that says that a key is held by another request, or has a response already.</summary>
    public const string NotFree = "MK001";

    /// <summary>Claims unused keys until the transaction ends; fails with <see cref="NotFree"/> when one of them is in use.</summary>
    public const string Claim = "CALL claim_idempotency_keys(@KeyId, @KeyLock)";

    /// <summary>Claims the key until the transaction ends, and looks for the first response.</summary>
    /// <remarks>
    /// A response that is committed between the two is not seen; storing a second one then fails, since there can be only one, and the
    /// request starts again. One statement is worth that.
    /// </remarks>
    public const string ClaimAndFind = """
        SELECT pg_try_advisory_xact_lock(@Lock) AS is_claimed, k.fingerprint, k.status, k.location, k.entity_tag, k.body, k.created_at
        FROM (VALUES (@Id)) AS wanted (id)
        LEFT JOIN idempotency_keys k ON k.id = wanted.id
        """;

    /// <summary>Deletes an expired response to make room for a new one.</summary>
    public const string Forget = """
        DELETE FROM idempotency_keys
        WHERE id = @Id
        """;

    /// <summary>Stores responses, in one trip with the claim and the handler's statement where that can be; hence the names of its parameters.</summary>
    public const string Store = """
        INSERT INTO idempotency_keys (id, fingerprint, status, location, entity_tag, body, created_at)
        SELECT *
        FROM unnest(
            @ResponseId::uuid[], @ResponseFingerprint::bytea[], @ResponseStatus::smallint[], @ResponseLocation::text[],
            @ResponseEntityTag::text[], @ResponseBody::bytea[], @RespondedAt::timestamptz[]
        )
        """;

    /// <summary>Deletes some of the expired responses.</summary>
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
