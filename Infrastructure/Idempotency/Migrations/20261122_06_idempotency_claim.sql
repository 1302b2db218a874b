-- Claims a key until the transaction ends, and stops the transaction when that can't be: it goes in front of the first statement of a
-- request, in the same trip to the database. The state MK001 is no fault; it says that somebody has to look who has the key.
CREATE PROCEDURE claim_idempotency_key(key_id uuid, key_lock bigint)
LANGUAGE plpgsql
AS $$
BEGIN
    -- Behind the lock, so that it sees the answer of whoever had the lock before.
    IF NOT pg_try_advisory_xact_lock(key_lock) OR EXISTS (SELECT FROM idempotency_keys WHERE id = key_id) THEN
        RAISE EXCEPTION 'The idempotency key is in use or has been answered' USING ERRCODE = 'MK001';
    END IF;
END
$$;
