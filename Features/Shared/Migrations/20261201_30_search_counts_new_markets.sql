-- Counting all texts again for each fiftieth that was new cost a create as much as taking its own text apart. New markets are now counted when
-- they are learned; only what edits and deletions leave behind waits for a count of everything.
-- Words of names wait in their index's list until the batch is through, and are then merged at once: a quarter of the price.

-- Both locks or none, and not for long: searches and writers that hold one wait for the other. Without the index's change, which an upgrade over
-- many versions may not get, learning costs more and works as well.
DO $$
BEGIN
    FOR attempt IN 1..200 LOOP
        BEGIN
            SET LOCAL lock_timeout = '200ms';
            LOCK TABLE search_unlearned IN ACCESS EXCLUSIVE MODE;
            IF attempt % 10 <> 0 THEN
                ALTER INDEX search_words_by_trigram RESET (gin_pending_list_limit);
            END IF;
            SET LOCAL lock_timeout = 0;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.05 + random() * 0.2);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'search_unlearned is in use all the time: stop long transactions on markets and migrate again';
END
$$;

ALTER TABLE search_unlearned ADD COLUMN is_new boolean NOT NULL DEFAULT false;

-- How many markets have a description, which description_length is the mean of. A table of its own: searches wait for what this transaction holds
-- while they hold search_statistics, so that can't be altered here.
CREATE TABLE search_described (markets bigint NOT NULL);
INSERT INTO search_described VALUES (0);

-- As before, and notes which markets the statistics have never counted.
CREATE OR REPLACE FUNCTION search_index_market() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO search_unlearned (market_id, is_new) VALUES (NEW.id, true);
        RETURN NULL;
    END IF;

    DELETE FROM search_markets WHERE market_id = NEW.id;
    IF NEW.status = 'draft' AND OLD.status <> 'draft' THEN
        DELETE FROM market_vectors WHERE market_id = NEW.id;
    END IF;

    INSERT INTO search_unlearned (market_id, is_new) VALUES (NEW.id, OLD.status = 'draft');
    RETURN NULL;
END
$$;

-- Only an index's owner may have it merged, and the program may run as a role that owns nothing. Where tables were given to another owner, the
-- list waits for autovacuum.
CREATE FUNCTION search_merge_words() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gin_clean_pending_list('search_words_by_trigram');
EXCEPTION WHEN insufficient_privilege THEN
END
$$;

-- As before, with what is new for the statistics; at most one runs, so that what is counted here and what search_count counts can't be mixed up.
CREATE OR REPLACE FUNCTION search_learn() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    taken uuid[];
    new_ones uuid[];
    others bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(5261947308415520063);

    WITH oldest AS (
        SELECT number FROM search_unlearned ORDER BY number LIMIT 10000
    ),
    notes AS (
        DELETE FROM search_unlearned u USING oldest WHERE u.number = oldest.number RETURNING u.market_id, u.is_new
    )
    SELECT coalesce(array_agg(market_id), '{}'),
           coalesce(array_agg(market_id) FILTER (WHERE is_new), '{}'),
           count(*) FILTER (WHERE NOT is_new)
    INTO taken, new_ones, others
    FROM notes;

    DELETE FROM search_markets s
    WHERE s.market_id = ANY(taken)
        AND NOT EXISTS (SELECT FROM markets m WHERE m.id = s.market_id AND m.status <> 'draft');

    WITH learned AS (
        INSERT INTO search_markets (market_id, name_length, description_length, name_stems, description_stems)
        SELECT id, length(name_stems), length(description_stems), strip(name_stems), strip(description_stems)
        FROM (
            SELECT id,
                   to_tsvector('search_names', search_text(name)) AS name_stems,
                   to_tsvector('search_descriptions', search_text(description)) AS description_stems
            FROM markets
            WHERE id = ANY(taken) AND status <> 'draft'
            ORDER BY id
            OFFSET 0
        ) noted
        ON CONFLICT (market_id) DO UPDATE
        SET name_length = excluded.name_length,
            description_length = excluded.description_length,
            name_stems = excluded.name_stems,
            description_stems = excluded.description_stems
        RETURNING *
    ),
    counted AS MATERIALIZED (
        SELECT * FROM learned WHERE market_id IN (SELECT unnest(new_ones))
    ),
    stems AS (
        INSERT INTO search_stems AS known (stem, names, descriptions)
        SELECT stem COLLATE "C", count(*) FILTER (WHERE is_of_name), count(*) FILTER (WHERE NOT is_of_name)
        FROM (
            SELECT unnest(tsvector_to_array(name_stems)), true FROM counted
            UNION ALL
            SELECT unnest(tsvector_to_array(description_stems)), false FROM counted
        ) found (stem, is_of_name)
        GROUP BY stem COLLATE "C"
        ORDER BY stem COLLATE "C"
        ON CONFLICT (stem) DO UPDATE
        SET names = known.names + excluded.names, descriptions = known.descriptions + excluded.descriptions
    ),
    added AS (
        SELECT count(*) AS markets,
               coalesce(sum(name_length), 0) AS name_lengths,
               count(*) FILTER (WHERE description_length > 0) AS described,
               coalesce(sum(description_length), 0) AS description_lengths
        FROM counted
    ),
    described AS (
        UPDATE search_described d SET markets = d.markets + added.described FROM added
    )
    UPDATE search_statistics s
    SET markets = s.markets + added.markets,
        name_length = coalesce(
            (s.name_length * s.markets + added.name_lengths) / nullif(s.markets + added.markets, 0), s.name_length
        ),
        -- Of those that have a description.
        description_length = coalesce(
            (s.description_length * d.markets + added.description_lengths) / nullif(d.markets + added.described, 0),
            s.description_length
        ),
        writes = s.writes + others
    FROM added, search_described d;

    INSERT INTO search_words (word, stem)
    SELECT word, (ts_lexize('search_stem', word))[1]
    FROM (
        SELECT DISTINCT word COLLATE "C" AS word
        FROM markets, unnest(tsvector_to_array(to_tsvector('simple', search_text(name)))) AS each (word)
        WHERE id = ANY(taken) AND status <> 'draft' AND length(word) <= 40
    ) found
    ORDER BY word
    ON CONFLICT (word) DO NOTHING;
    PERFORM search_merge_words();
END
$$;

-- Counts anew what ranking needs, and drops words that no name has any more.
CREATE OR REPLACE FUNCTION search_count() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE fresh_stems ON COMMIT DROP AS
    SELECT word COLLATE "C" AS stem, coalesce(n.ndoc, 0) AS names, coalesce(d.ndoc, 0) AS descriptions
    FROM ts_stat('SELECT name_stems FROM search_markets') n
    FULL JOIN ts_stat('SELECT description_stems FROM search_markets') d USING (word);
    ANALYZE fresh_stems;

    DELETE FROM search_stems WHERE NOT EXISTS (SELECT FROM fresh_stems WHERE fresh_stems.stem = search_stems.stem);
    INSERT INTO search_stems AS known (stem, names, descriptions)
    SELECT stem, names, descriptions
    FROM fresh_stems
    ON CONFLICT (stem) DO UPDATE
    SET names = excluded.names, descriptions = excluded.descriptions
    WHERE (known.names, known.descriptions) <> (excluded.names, excluded.descriptions);
    DROP TABLE fresh_stems;

    DELETE FROM search_words
    WHERE NOT EXISTS (SELECT FROM search_stems s WHERE s.stem = search_words.stem AND s.names > 0);

    UPDATE search_statistics
    SET (markets, name_length, description_length) = (
            SELECT count(*), coalesce(avg(name_length), 12), coalesce(avg(nullif(description_length, 0)), 60)
            FROM search_markets
        ),
        writes = 0;
    UPDATE search_described SET markets = (SELECT count(*) FROM search_markets WHERE description_length > 0);
END
$$;

-- The writes that the statistics don't know of, edits and deletions, are more than a fiftieth of the markets.
CREATE FUNCTION search_is_stale() RETURNS boolean LANGUAGE sql STABLE
RETURN (SELECT writes > 20 + markets / 50 FROM search_statistics);

-- Lets search follow what has been written. Any number may call it at once, one does it. True when everything was counted anew.
CREATE OR REPLACE FUNCTION search_refresh(always boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (always OR search_is_stale() OR EXISTS (SELECT FROM search_unlearned))
        OR NOT pg_try_advisory_xact_lock(5261947308415520063)
    THEN
        RETURN false;
    END IF;

    PERFORM search_learn();
    IF always OR search_is_stale() THEN
        PERFORM search_count();
        RETURN true;
    END IF;
    RETURN false;
END
$$;

CREATE OR REPLACE FUNCTION search_forget_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE search_markets, search_unlearned;
    UPDATE search_statistics SET writes = writes + markets;
    RETURN NULL;
END
$$;

-- Whatever wasn't counted until now, the next refresh counts.
UPDATE search_statistics SET writes = 21 + markets;

DROP FUNCTION search_writes();
