-- Drafts leave no trace in search. Their words were in the statistics, which everybody's scores are computed from, and among the known
-- words, which are not corrected: whoever searched for a guessed word could see whether somebody's draft has it.
-- Instances of the version before call the same functions and triggers, so they keep drafts out from here on, too.

-- As before, but only for markets that are no drafts: one that is published is indexed as it is then, and one that becomes a draft (only an
-- import can do that) leaves the index, its vectors included.
CREATE OR REPLACE FUNCTION search_index_market() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name tsvector;
    description tsvector;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM search_markets WHERE market_id = NEW.id;
        IF NEW.status = 'draft' AND OLD.status <> 'draft' THEN
            DELETE FROM market_vectors WHERE market_id = NEW.id;
        END IF;
    END IF;

    IF NEW.status = 'draft' THEN
        RETURN NULL;
    END IF;

    name := to_tsvector('search_names', search_text(NEW.name));
    description := to_tsvector('search_descriptions', search_text(NEW.description));
    INSERT INTO search_markets (market_id, name_length, description_length, name_stems, description_stems)
    VALUES (NEW.id, length(name), length(description), strip(name), strip(description));
    INSERT INTO search_unlearned (market_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;

-- As before, without what has become a draft since it was noted.
CREATE OR REPLACE FUNCTION search_learn() RETURNS void LANGUAGE sql AS $$
    WITH taken AS (
        DELETE FROM search_unlearned RETURNING market_id
    )
    INSERT INTO search_words (word, stem)
    SELECT word, (ts_lexize('search_stem', word))[1]
    FROM (
        SELECT DISTINCT word COLLATE "C" AS word
        FROM markets, unnest(tsvector_to_array(to_tsvector('simple', search_text(name)))) AS each (word)
        WHERE id IN (SELECT market_id FROM taken) AND status <> 'draft' AND length(word) <= 40
    ) found
    ON CONFLICT (word) DO NOTHING
$$;

-- From here to the commit nothing else learns or counts: search_refresh holds its lock that long, and others that find it taken do nothing.
-- It tries the lock and doesn't wait: a refresh that has it may itself wait for a table that an earlier migration of this transaction holds.
DO $$
BEGIN
    FOR attempt IN 1..100 LOOP
        IF search_refresh(true) THEN
            RETURN;
        END IF;
        PERFORM pg_sleep(0.1 + random() * 0.4);
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'search_refresh runs all the time: let imports end and migrate again';
END
$$;

-- Forgets the words that only drafts have, present or former. What is published meanwhile is learned again.
INSERT INTO search_unlearned (market_id)
SELECT id FROM markets WHERE status = 'draft';

DELETE FROM search_words
WHERE NOT EXISTS (
    SELECT
    FROM (
        SELECT DISTINCT word COLLATE "C" AS word
        FROM markets, unnest(tsvector_to_array(to_tsvector('simple', search_text(name)))) AS each (word)
        WHERE status <> 'draft'
    ) published
    WHERE published.word = search_words.word
);

-- Against writers only, without a queue of requests behind the wait: a lock that isn't free soon is let go and tried again.
DO $$
BEGIN
    FOR attempt IN 1..100 LOOP
        BEGIN
            SET LOCAL lock_timeout = '500ms';
            LOCK TABLE markets IN SHARE ROW EXCLUSIVE MODE;
            SET LOCAL lock_timeout = 0;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1 + random() * 0.4);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'markets is in use all the time: stop long transactions on it and migrate again';
END
$$;

CREATE OR REPLACE TRIGGER search_update AFTER UPDATE OF name, description, status ON markets
FOR EACH ROW WHEN (
    OLD.name <> NEW.name
    OR OLD.description <> NEW.description
    OR (OLD.status = 'draft') <> (NEW.status = 'draft')
)
EXECUTE FUNCTION search_index_market();

DELETE FROM search_markets
USING markets
WHERE markets.id = search_markets.market_id AND markets.status = 'draft';

DELETE FROM market_vectors
USING markets
WHERE markets.id = market_vectors.market_id AND markets.status = 'draft';

-- Has the next refresh, a few seconds from now, count anew; counted here, writers would have to wait for it.
UPDATE search_statistics SET writes = -1000000000000;
