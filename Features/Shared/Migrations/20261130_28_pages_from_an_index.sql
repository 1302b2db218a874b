-- Rows that a page only passes over, for its offset, its creator or a range of volume or endsAt, are read from the index of its order alone:
-- docs/decisions/0003-an-index-for-each-order-and-filter.md.
-- Writes wait while the seven indexes are built: on a large table, create them by hand with CONCURRENTLY before the rollout.
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

CREATE INDEX IF NOT EXISTS markets_of_status_by_volume_with_filters
    ON markets (status, volume, id) INCLUDE (ends_at, creator_id);
CREATE INDEX IF NOT EXISTS markets_of_status_by_created_at_with_filters
    ON markets (status, created_at, id) INCLUDE (volume, ends_at, creator_id);
CREATE INDEX IF NOT EXISTS markets_of_status_by_ends_at_with_filters
    ON markets (status, ends_at, id) INCLUDE (volume, creator_id);
CREATE INDEX IF NOT EXISTS markets_of_status_by_name_with_filters
    ON markets (status, name COLLATE name_order, id) INCLUDE (volume, ends_at, creator_id);
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_created_at_with_filters
    ON markets (category, status, created_at, id) INCLUDE (volume, ends_at) WHERE category IS NOT NULL;
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_ends_at_with_filters
    ON markets (category, status, ends_at, id) INCLUDE (volume) WHERE category IS NOT NULL;
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_name_with_filters
    ON markets (category, status, name COLLATE name_order, id) INCLUDE (volume, ends_at) WHERE category IS NOT NULL;

DROP INDEX markets_of_status_by_volume_with_ends_at;
DROP INDEX markets_of_status_by_created_at;
DROP INDEX markets_of_status_by_ends_at;
DROP INDEX markets_of_status_by_name;
DROP INDEX markets_of_category_and_status_by_created_at;
DROP INDEX markets_of_category_and_status_by_ends_at;
DROP INDEX markets_of_category_and_status_by_name;
