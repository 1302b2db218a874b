-- Claims the keys of several requests whose writes go to the database together; with one that is not free, none of them is written, and
-- each tries by itself. Instances of the version before call claim_idempotency_key for one key, with the same locks.
CREATE PROCEDURE claim_idempotency_keys(key_ids uuid[], key_locks bigint[])
LANGUAGE plpgsql
AS $$
BEGIN
    -- Behind the locks, so that it sees the response of whoever had a lock before.
    IF EXISTS (SELECT FROM unnest(key_locks) AS each (key_lock) WHERE NOT pg_try_advisory_xact_lock(key_lock))
        OR EXISTS (SELECT FROM idempotency_keys WHERE id = ANY(key_ids)) THEN
        RAISE EXCEPTION 'The idempotency key is in use or has a response' USING ERRCODE = 'MK001';
    END IF;
END
$$;
