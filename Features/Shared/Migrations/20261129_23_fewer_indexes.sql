-- Nine indexes for lists instead of twenty: docs/decisions/0003-an-index-for-each-order-and-filter.md says why, and what each costs a write.
-- Every list reads ranges of one status: its own, or those of the four public ones, merged. Open-ended markets are a range of their own at
-- the end of either order. A creator's markets are sorted when they are listed, unless by time. Markets that weren't imported need no place
-- among the imported ones.
-- Requests wait while the indexes are built: on a large table, create the seven by hand with CONCURRENTLY before the rollout.
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

CREATE INDEX IF NOT EXISTS markets_of_status_by_ends_at ON markets (status, ends_at, id);
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_volume
    ON markets (category, status, volume, id) WHERE category IS NOT NULL;
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_created_at
    ON markets (category, status, created_at, id) WHERE category IS NOT NULL;
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_ends_at
    ON markets (category, status, ends_at, id) WHERE category IS NOT NULL;
CREATE INDEX IF NOT EXISTS markets_of_category_and_status_by_name
    ON markets (category, status, name COLLATE name_order, id) WHERE category IS NOT NULL;
CREATE INDEX IF NOT EXISTS markets_of_creator_and_status_by_created_at ON markets (creator_id, status, created_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS markets_imported ON markets (source, external_id) WHERE source IS NOT NULL;

ALTER TABLE markets DROP CONSTRAINT markets_source_external_id_key;
DROP INDEX markets_by_volume;
DROP INDEX markets_by_created_at;
DROP INDEX markets_by_ends_at_asc;
DROP INDEX markets_by_ends_at_desc;
DROP INDEX markets_by_name;
DROP INDEX markets_of_status_by_ends_at_asc;
DROP INDEX markets_of_status_by_ends_at_desc;
DROP INDEX markets_of_category_by_volume;
DROP INDEX markets_of_category_by_created_at;
DROP INDEX markets_of_category_by_ends_at_asc;
DROP INDEX markets_of_category_by_ends_at_desc;
DROP INDEX markets_of_category_by_name;
DROP INDEX markets_of_creator_by_volume;
DROP INDEX markets_of_creator_by_created_at;
DROP INDEX markets_of_creator_by_ends_at_asc;
DROP INDEX markets_of_creator_by_ends_at_desc;
DROP INDEX markets_of_creator_by_name;
