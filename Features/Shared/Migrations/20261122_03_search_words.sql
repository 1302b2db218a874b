-- Search by words: docs/search.md says how it ranks, and why it is built so.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- English stems of all words, and of all but the stop words.
CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION search_names (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION search_names
    ADD MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart,
        int, uint, float, sfloat, version, host, file, email, url, url_path
    WITH search_stem;
CREATE TEXT SEARCH CONFIGURATION search_descriptions (COPY = search_names);
ALTER TEXT SEARCH CONFIGURATION search_descriptions ALTER MAPPING REPLACE search_stem WITH english_stem;

-- The stems of each market's texts, and how many they are.
CREATE TABLE search_markets (
    market_id uuid PRIMARY KEY,
    name_length smallint NOT NULL,
    description_length smallint NOT NULL,
    name_stems tsvector NOT NULL,
    description_stems tsvector NOT NULL
);

-- New entries wait in a list that every search reads, too: it has to stay short, in KiB.
CREATE INDEX search_markets_by_stem ON search_markets USING gin (name_stems, description_stems)
WITH (gin_pending_list_limit = 128);

-- The words of names, for prefixes and misspellings.
CREATE TABLE search_words (
    word text COLLATE "C" PRIMARY KEY,
    stem text COLLATE "C" NOT NULL
);

CREATE INDEX search_words_by_trigram ON search_words USING gin (word gin_trgm_ops) WITH (gin_pending_list_limit = 64);

-- Markets whose names may have words that search_words lacks: see search_learn.
CREATE TABLE search_unlearned (market_id uuid NOT NULL);

-- In how many names and descriptions a stem stands, as of the last refresh; one that isn't here is new, and so rare.
CREATE TABLE search_stems (
    stem text COLLATE "C" PRIMARY KEY,
    names integer NOT NULL,
    descriptions integer NOT NULL
);

-- What ranking needs to know of all markets together, as of the last refresh: one row.
CREATE TABLE search_statistics (
    markets bigint NOT NULL,
    name_length real NOT NULL,
    description_length real NOT NULL,
    -- How many writes PostgreSQL had counted by then.
    writes bigint NOT NULL
);

INSERT INTO search_statistics VALUES (0, 12, 60, 0);

-- A text as its words are found in it: lower case, without accents, thousands without commas, "U.S." as one word, no "'s", and without
-- the signs by which PostgreSQL's parser would take words for parts of file names, addresses and tags.
CREATE FUNCTION search_text(body text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN regexp_replace(
    regexp_replace(lower(unaccent(body)), '(\d),(?=\d\d\d)|\m([a-z])\.(?=[a-z]\M)|''(?=s\M)', '\1\2', 'g'),
    '[-./_@:+<>&]', ' ', 'g'
);

-- Keeps a market's stems in step with its texts, in the writer's transaction.
CREATE FUNCTION search_index_market() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name tsvector := to_tsvector('search_names', search_text(NEW.name));
    description tsvector := to_tsvector('search_descriptions', search_text(NEW.description));
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM search_markets WHERE market_id = NEW.id;
    END IF;

    WITH indexed AS (
        INSERT INTO search_markets (market_id, name_length, description_length, name_stems, description_stems)
        VALUES (NEW.id, length(name), length(description), strip(name), strip(description))
    )
    INSERT INTO search_unlearned (market_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION search_forget_market() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_markets WHERE market_id = OLD.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION search_forget_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE search_markets, search_unlearned;
    RETURN NULL;
END
$$;

-- In the database, so that no way of writing a market can leave its words behind.
CREATE TRIGGER search_insert AFTER INSERT ON markets
FOR EACH ROW EXECUTE FUNCTION search_index_market();

CREATE TRIGGER search_update AFTER UPDATE OF name, description ON markets
FOR EACH ROW WHEN (OLD.name <> NEW.name OR OLD.description <> NEW.description)
EXECUTE FUNCTION search_index_market();

CREATE TRIGGER search_delete AFTER DELETE ON markets
FOR EACH ROW EXECUTE FUNCTION search_forget_market();

CREATE TRIGGER search_truncate AFTER TRUNCATE ON markets
FOR EACH STATEMENT EXECUTE FUNCTION search_forget_all();

-- Adds the words of new names. Not in the write's transaction: writers of the same new word would wait for each other.
CREATE FUNCTION search_learn() RETURNS void LANGUAGE sql AS $$
    WITH taken AS (
        DELETE FROM search_unlearned RETURNING market_id
    )
    INSERT INTO search_words (word, stem)
    SELECT word, (ts_lexize('search_stem', word))[1]
    FROM (
        SELECT DISTINCT word COLLATE "C" AS word
        FROM markets, unnest(tsvector_to_array(to_tsvector('simple', search_text(name)))) AS each (word)
        WHERE id IN (SELECT market_id FROM taken) AND length(word) <= 40
    ) found
    ON CONFLICT (word) DO NOTHING
$$;

-- Counts anew what ranking needs, and drops words that no name has any more.
CREATE FUNCTION search_count() RETURNS void LANGUAGE plpgsql AS $$
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
        writes = search_writes();
END
$$;

-- How much has been written to the stems ever, near enough: PostgreSQL counts it anyway, without a row that writers share.
CREATE FUNCTION search_writes() RETURNS bigint LANGUAGE sql STABLE
RETURN pg_stat_get_tuples_inserted('search_markets'::regclass) + pg_stat_get_tuples_deleted('search_markets'::regclass);

-- Lets words and statistics follow what has been written: words always, statistics when a fiftieth has changed. Any number may call it at
-- once, one does it. True when the statistics were counted anew.
CREATE FUNCTION search_refresh(always boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    is_stale boolean := always OR (
        SELECT abs(search_writes() - writes) > 20 + markets / 50
        FROM search_statistics
    );
BEGIN
    IF NOT is_stale AND NOT EXISTS (SELECT FROM search_unlearned) OR NOT pg_try_advisory_xact_lock(5261947308415520063) THEN
        RETURN false;
    END IF;

    PERFORM search_learn();
    IF is_stale THEN
        PERFORM search_count();
    END IF;
    RETURN is_stale;
END
$$;

-- What to look for: for each word of the query the stems that stand for it, with what finding one is worth.
CREATE FUNCTION search_terms(query text, exhaustive boolean)
RETURNS TABLE (
    -- Which word, from 0, and of how many.
    word_number integer, word_count integer,
    stem tsquery, weight double precision,
    -- Whether descriptions are searched, too; what is common is looked up in names only.
    in_descriptions boolean,
    -- Null for most. What is common only adds to markets that something rarer has found: this. Unless exhaustive.
    basis tsquery,
    name_length real, description_length real
)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
BEGIN
    RETURN QUERY
    WITH split AS MATERIALIZED (
        SELECT lexeme COLLATE "C" AS word,
               positions[1] AS position,
               positions[cardinality(positions)] = max(positions[cardinality(positions)]) OVER () AS is_last,
               ts_lexize('english_stem', lexeme) <> '{}' AS has_content
        FROM unnest(to_tsvector('simple', search_text(query)))
    ),
    words AS MATERIALIZED (
        SELECT word, length(word) AS length, is_last,
               row_number() OVER (ORDER BY position)::integer - 1 AS number,
               (ts_lexize('search_stem', word))[1] COLLATE "C" AS stem,
               EXISTS (SELECT FROM search_words known WHERE known.word = split.word) AS is_known
        FROM split
        WHERE has_content OR NOT EXISTS (SELECT FROM split WHERE has_content)
        ORDER BY position
        LIMIT 24
    ),
    candidates AS (
        SELECT number, words.stem, 1.0::double precision AS likeness
        FROM words
        UNION ALL
        -- Words that the last one begins: it may not be finished.
        SELECT number, longer.stem, CASE WHEN is_known THEN 0.6 ELSE 1 END * sqrt(words.length::float8 / longer.length)
        FROM words
        CROSS JOIN LATERAL (
            SELECT found.stem, length(found.word) AS length
            FROM search_words found
            LEFT JOIN search_stems s ON s.stem = found.stem
            WHERE found.word > words.word AND found.word < words.word || U&'\+10FFFF'
            ORDER BY s.names DESC NULLS LAST, found.word
            LIMIT 20
        ) longer
        WHERE is_last
        UNION ALL
        -- Words that an unknown one may be a misspelling of.
        SELECT number, near.stem, CASE near.distance WHEN 1 THEN 0.8 ELSE 0.5 END
        FROM words
        CROSS JOIN LATERAL (
            SELECT found.stem, levenshtein_less_equal(found.word, words.word, 2) AS distance
            FROM search_words found
            WHERE found.word % words.word
            ORDER BY distance, similarity(found.word, words.word) DESC, found.word
            LIMIT 6
        ) near
        WHERE NOT is_known
            AND words.length BETWEEN 4 AND 40
            AND words.word !~ '^[0-9]+$'
            AND near.distance <= CASE words.length WHEN 4 THEN 1 ELSE 2 END
    ),
    stems AS (
        SELECT number, candidates.stem, max(likeness) AS likeness
        FROM candidates
        GROUP BY number, candidates.stem
    ),
    counted AS (
        SELECT number, ('''' || replace(stems.stem, '''', '''''') || '''')::tsquery AS lookup, likeness,
               coalesce(known.names, 0) AS names,
               greatest(known.names, known.descriptions, 0) AS frequency,
               sum(coalesce(known.names, 0)) OVER (PARTITION BY number) AS names_of_word,
               sum(greatest(known.names, known.descriptions, 0)) OVER (PARTITION BY number) AS frequency_of_word
        FROM stems
        LEFT JOIN search_stems known ON known.stem = stems.stem
    ),
    ordered AS MATERIALIZED (
        SELECT *,
               max(number) OVER () + 1 AS count,
               names_of_word > 2000 AND NOT exhaustive AND coalesce(sum(names) OVER (
                   ORDER BY commonness
                   RANGE UNBOUNDED PRECEDING EXCLUDE GROUP
               ), 0) >= 100 AS only_adds
        FROM (SELECT *, dense_rank() OVER (ORDER BY frequency_of_word, number) AS commonness FROM counted) ranked
    )
    SELECT number, count, lookup,
           likeness * ln(1 + (greatest(s.markets - frequency, 0) + 0.5) / (frequency + 0.5)),
           NOT only_adds AND (names = 0 OR frequency <= greatest(s.markets / 20, 200)),
           CASE
               WHEN only_adds THEN (SELECT string_agg(o.lookup::text, '|')::tsquery FROM ordered o WHERE NOT o.only_adds)
           END,
           s.name_length,
           s.description_length
    FROM ordered
    CROSS JOIN search_statistics s;
END
$$;

-- Markets that are there already.
WITH stemmed AS (
    SELECT id,
           to_tsvector('search_names', search_text(name)) AS name,
           to_tsvector('search_descriptions', search_text(description)) AS description
    FROM markets
    OFFSET 0
),
indexed AS (
    INSERT INTO search_markets (market_id, name_length, description_length, name_stems, description_stems)
    SELECT id, length(name), length(description), strip(name), strip(description)
    FROM stemmed
)
INSERT INTO search_unlearned (market_id)
SELECT id FROM markets;

SELECT search_refresh(true);
