-- As before, but swapped letters in short words are found, digits are never corrected, and letters and digits that are written together are
-- also found apart. A search that finds too little says which words it left out, so that it need not run again when it left none out; what the
-- second run looks for is bounded, too.

-- What to look for: for each word of the query the stems that stand for it, with what finding one is worth.
DROP FUNCTION search_terms(text, boolean);
CREATE FUNCTION search_terms(query text, exhaustive boolean)
RETURNS TABLE (
    -- Which word, from 0, and of how many.
    word_number integer, word_count integer,
    stem tsquery, weight double precision,
    -- Whether descriptions are searched, too; what is common is looked up in names only.
    in_descriptions boolean,
    -- Null for most. What is common only adds to markets that something rarer has found: this. If exhaustive, where that is in many names.
    basis tsquery,
    name_length real, description_length real,
    occurs boolean,
    -- Whether an exhaustive search would find markets by it.
    is_left_out boolean
)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
BEGIN
    RETURN QUERY
    -- "gpt5" is "gpt 5", unless names have it so or go on from there.
    WITH apart AS (
        SELECT string_agg(
                   CASE
                       WHEN part ~ '^[a-z]+\d+\W*$' AND NOT EXISTS (
                           SELECT
                           FROM search_words known
                           CROSS JOIN (SELECT regexp_replace(part, '\W+$', '') AS start) typed
                           WHERE known.word >= start AND known.word < start || U&'\+10FFFF'
                       )
                       THEN regexp_replace(part, '([a-z])(?=\d)', '\1 ')
                       ELSE part
                   END,
                   ' ' ORDER BY place
               ) AS text
        FROM regexp_split_to_table(search_text(query), '\s+') WITH ORDINALITY AS parts (part, place)
    ),
    split AS MATERIALIZED (
        SELECT lexeme COLLATE "C" AS word,
               positions[1] AS position,
               positions[cardinality(positions)] = max(positions[cardinality(positions)]) OVER () AS is_last,
               ts_lexize('english_stem', lexeme) <> '{}' AS has_content
        FROM apart, unnest(to_tsvector('simple', apart.text))
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
        -- Words that an unknown one may be a misspelling of. Of those with two letters swapped, or with four letters one of which is
        -- wrong, few have enough trigrams in common. No digit is taken for another.
        SELECT number, near.stem, CASE near.distance WHEN 1 THEN 0.8 ELSE 0.5 END
        FROM words
        CROSS JOIN LATERAL (
            SELECT array_agg(
                       left(words.word, place - 1) || substr(words.word, place + 1, 1) || substr(words.word, place, 1)
                       || substr(words.word, place + 2)
                   ) AS swapped
            FROM generate_series(1, words.length - 1) place
        ) typed
        CROSS JOIN LATERAL (
            SELECT measured.stem, measured.distance
            FROM (
                SELECT found.word, found.stem,
                       CASE
                           WHEN found.word = ANY (swapped) THEN 1
                           ELSE levenshtein_less_equal(found.word, words.word, 2)
                       END AS distance
                FROM (
                    SELECT known.word, known.stem FROM search_words known WHERE known.word % words.word
                    UNION
                    SELECT known.word, known.stem FROM search_words known WHERE known.word = ANY (swapped)
                    UNION
                    SELECT known.word, known.stem
                    FROM search_words known
                    WHERE words.length = 4
                        AND known.word > left(words.word, 1) AND known.word < left(words.word, 1) || U&'\+10FFFF'
                        AND length(known.word) = 4
                ) found
            ) measured
            WHERE CASE
                WHEN measured.distance <= 2
                THEN regexp_replace(measured.word, '\D', '', 'g') = regexp_replace(words.word, '\D', '', 'g')
                ELSE false
            END
            ORDER BY measured.distance, similarity(measured.word, words.word) DESC, measured.word
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
               -- What a known word begins is worth no more than the word, however rare it is.
               max(greatest(known.names, known.descriptions, 0)) FILTER (WHERE likeness = 1)
                   OVER (PARTITION BY number) AS frequency_of_own,
               sum(coalesce(known.names, 0)) OVER (PARTITION BY number) AS names_of_word,
               sum(greatest(known.names, known.descriptions, 0)) OVER (PARTITION BY number) AS frequency_of_word
        FROM stems
        LEFT JOIN search_stems known ON known.stem = stems.stem
    ),
    ordered AS MATERIALIZED (
        SELECT *,
               max(number) OVER () + 1 AS count,
               names_of_word > 2000 AND names_of_rarer >= CASE WHEN exhaustive THEN 5000 ELSE 100 END AS only_adds,
               names_of_word > 2000 AND NOT exhaustive AND names_of_rarer >= 100 AND names_of_rarer < 5000 AS is_left_out
        FROM (
            SELECT *,
                   coalesce(
                       sum(names) OVER (ORDER BY commonness RANGE UNBOUNDED PRECEDING EXCLUDE GROUP), 0
                   ) AS names_of_rarer
            FROM (SELECT *, dense_rank() OVER (ORDER BY frequency_of_word, number) AS commonness FROM counted) ranked
        ) summed
    )
    SELECT number, count, lookup,
           likeness * ln(
               1 + (greatest(s.markets - greatest(frequency, frequency_of_own), 0) + 0.5)
                   / (greatest(frequency, frequency_of_own) + 0.5)
           ),
           NOT only_adds AND (names = 0 OR frequency <= greatest(s.markets / 20, 200)),
           CASE
               WHEN only_adds THEN (SELECT string_agg(o.lookup::text, '|')::tsquery FROM ordered o WHERE NOT o.only_adds)
           END,
           s.name_length,
           s.description_length,
           frequency > 0,
           ordered.is_left_out
    FROM ordered
    CROSS JOIN search_statistics s;
END
$$;
