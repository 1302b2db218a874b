-- A list's size (count=true) by ranges of volume and endsAt comes from the index by volume alone: docs/decisions/0003-an-index-for-each-order-and-filter.md.
-- Writes wait while the two indexes are built: on a large table, create them by hand with CONCURRENTLY before the rollout.
DO $$
BEGIN
    FOR attempt IN 1..100 LOOP
        BEGIN
            SET LOCAL lock_timeout = '500ms';
            LOCK TABLE markets IN ACCESS EXCLUSIVE MODE;
            SET LOCAL lock_timeout = 0;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1 + random() * 0.4);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'markets is in use all the time: stop long transactions on it and migrate again';
END
$$;

CREATE INDEX IF NOT EXISTS markets_of_status_by_volume_with_ends_at ON markets (status, volume, id) INCLUDE (ends_at);
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_volume_with_ends_at
    ON markets (category, status, volume, id) INCLUDE (ends_at) WHERE category IS NOT NULL;

DROP INDEX markets_of_status_by_volume;
DROP INDEX markets_of_category_and_status_by_volume;
