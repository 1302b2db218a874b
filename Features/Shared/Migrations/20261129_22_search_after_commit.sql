-- Taking a market's texts apart was two fifths of what creating it cost the database. A write now only notes the market here; the job
-- refresh-search takes notes away in batches, a few seconds later, and a search reads the newest ones itself (search_new_markets).
-- Instances of the version before call the same triggers and search_refresh; until they are gone, their searches find a market only after the job.

-- Markets whose stems search_markets lacks or has of a former text, newest last.
ALTER TABLE search_unlearned ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;

CREATE OR REPLACE FUNCTION search_index_market() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM search_markets WHERE market_id = NEW.id;
        IF NEW.status = 'draft' AND OLD.status <> 'draft' THEN
            DELETE FROM market_vectors WHERE market_id = NEW.id;
        END IF;
    END IF;

    INSERT INTO search_unlearned (market_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;

-- Drafts leave nothing here, not even a note.
CREATE OR REPLACE TRIGGER search_insert AFTER INSERT ON markets
FOR EACH ROW WHEN (NEW.status <> 'draft') EXECUTE FUNCTION search_index_market();

CREATE OR REPLACE TRIGGER search_update AFTER UPDATE OF name, description, status ON markets
FOR EACH ROW WHEN (
    (OLD.status = 'draft') <> (NEW.status = 'draft')
    OR NEW.status <> 'draft' AND (OLD.name <> NEW.name OR OLD.description <> NEW.description)
)
EXECUTE FUNCTION search_index_market();

-- Noted, too: the job may be writing the stems of the text that it read before.
CREATE OR REPLACE FUNCTION search_forget_market() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_markets WHERE market_id = OLD.id;
    INSERT INTO search_unlearned (market_id) VALUES (OLD.id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER search_delete AFTER DELETE ON markets
FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION search_forget_market();

-- As before, in batches, with the stems: brings those and the known words of the oldest ten thousand noted markets up to date. A market that
-- is changed meanwhile has another note, by which it is done again.
CREATE OR REPLACE FUNCTION search_learn() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    taken uuid[];
BEGIN
    WITH oldest AS (
        SELECT number FROM search_unlearned ORDER BY number LIMIT 10000
    ),
    notes AS (
        DELETE FROM search_unlearned u USING oldest WHERE u.number = oldest.number RETURNING u.market_id
    )
    SELECT coalesce(array_agg(market_id), '{}') INTO taken FROM notes;

    DELETE FROM search_markets s
    WHERE s.market_id = ANY(taken)
        AND NOT EXISTS (SELECT FROM markets m WHERE m.id = s.market_id AND m.status <> 'draft');

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
        description_stems = excluded.description_stems;

    INSERT INTO search_words (word, stem)
    SELECT word, (ts_lexize('search_stem', word))[1]
    FROM (
        SELECT DISTINCT word COLLATE "C" AS word
        FROM markets, unnest(tsvector_to_array(to_tsvector('simple', search_text(name)))) AS each (word)
        WHERE id = ANY(taken) AND status <> 'draft' AND length(word) <= 40
    ) found
    ORDER BY word
    ON CONFLICT (word) DO NOTHING;
END
$$;

-- The stems of noted markets that could match a query: of the newest thousand those fifty that have most of its words. Whatever a text
-- doesn't contain as it is spelled, or as its stem begins, isn't found before the job has taken it apart.
CREATE FUNCTION search_new_markets(query text)
RETURNS TABLE (
    market_id uuid, name_length integer, description_length integer, name_stems tsvector, description_stems tsvector
)
LANGUAGE sql STABLE ROWS 1 AS $$
    WITH words AS MATERIALIZED (
        SELECT lexeme AS word,
               (ts_lexize('search_stem', lexeme))[1] AS stem,
               ts_lexize('english_stem', lexeme) <> '{}' AS has_content
        FROM unnest(to_tsvector('simple', search_text(query)))
    ),
    needles AS MATERIALIZED (
        SELECT word, left(stem, greatest(length(stem) - 1, 3)) AS beginning
        FROM words
        WHERE has_content OR NOT EXISTS (SELECT FROM words WHERE has_content)
    )
    SELECT noted.id, length(names.stems), length(descriptions.stems), strip(names.stems), strip(descriptions.stems)
    FROM (
        SELECT m.id, m.name, m.description
        FROM (
            SELECT DISTINCT newest.market_id
            FROM (SELECT u.market_id FROM search_unlearned u ORDER BY u.number DESC LIMIT 1000) newest
        ) note
        CROSS JOIN LATERAL (SELECT * FROM markets WHERE markets.id = note.market_id AND markets.status <> 'draft' LIMIT 1) m
        -- As search_text spells what a query's words are made of, for a fifth of its price.
        CROSS JOIN LATERAL (SELECT translate(lower(unaccent(m.name || ' ' || m.description)), ',.''', '') AS body OFFSET 0) spelled
        CROSS JOIN LATERAL (
            SELECT count(*) AS found
            FROM needles
            WHERE strpos(spelled.body, word) > 0 OR strpos(spelled.body, beginning) > 0
        ) counted
        WHERE counted.found > 0
            -- One look each: as NOT EXISTS, the planner would read the whole table.
            AND (SELECT s.market_id FROM search_markets s WHERE s.market_id = m.id) IS NULL
        ORDER BY counted.found DESC, m.id DESC
        LIMIT 50
    ) noted
    CROSS JOIN LATERAL (SELECT to_tsvector('search_names', search_text(noted.name)) AS stems OFFSET 0) names
    CROSS JOIN LATERAL (SELECT to_tsvector('search_descriptions', search_text(noted.description)) AS stems OFFSET 0) descriptions
$$;
