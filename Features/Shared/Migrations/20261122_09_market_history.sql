-- What became of each market, written by a trigger: in the transaction of the change, whoever makes it, and with nothing to do for the
-- statements that make changes. Making a market writes nothing here; its first change also records that it was made.
CREATE TABLE market_history (
    market_id uuid NOT NULL,
    -- In the order of a market's changes, since the row of the market is held while one is made.
    number bigint GENERATED ALWAYS AS IDENTITY,
    action text NOT NULL CHECK (action IN ('created', 'changed', 'deleted')),
    -- The version before, and after.
    from_version bigint,
    to_version bigint,
    -- Null for what the program does by itself: closing, and importing again.
    changed_by uuid REFERENCES users,
    changed_at timestamptz NOT NULL,
    -- Whether the market was a draft before: what was in it then is not for everybody.
    was_draft boolean NOT NULL DEFAULT false,
    -- [{"field", "from", "to"}], each a text or null, spelled as on the wire.
    changes jsonb NOT NULL,
    PRIMARY KEY (market_id, number),
    CHECK ((from_version IS NULL) = (action = 'created')),
    CHECK ((to_version IS NULL) = (action = 'deleted'))
);

-- A market that was imported again after it had been deleted begins anew behind that.
CREATE INDEX market_history_of_deleted ON market_history (market_id, number) WHERE action = 'deleted';

CREATE FUNCTION market_history_time(value timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT rtrim(rtrim(to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'
$$;

CREATE FUNCTION market_history_created(market markets) RETURNS void LANGUAGE sql AS $$
    INSERT INTO market_history (market_id, action, to_version, changed_by, changed_at, changes)
    VALUES (market.id, 'created', 1, market.creator_id, market.created_at, '[]')
$$;

CREATE FUNCTION market_history_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
    IF OLD.version = 1 THEN
        PERFORM market_history_created(OLD);
    END IF;

    IF TG_OP = 'DELETE' THEN
        INSERT INTO market_history (market_id, action, from_version, changed_by, changed_at, changes)
        VALUES (OLD.id, 'deleted', OLD.version, actor, now(), '[]');
    ELSE
        INSERT INTO market_history (
            market_id, action, from_version, to_version, changed_by, changed_at, was_draft, changes
        )
        SELECT NEW.id, 'changed', OLD.version, NEW.version, actor, NEW.updated_at, OLD.status = 'draft',
               coalesce(
                   jsonb_agg(jsonb_build_object('field', field, 'from', before, 'to', after) ORDER BY place)
                       FILTER (WHERE before IS DISTINCT FROM after),
                   '[]'
               )
        FROM (
            VALUES (1, 'name', OLD.name, NEW.name),
                   (2, 'description', OLD.description, NEW.description),
                   (3, 'category', OLD.category, NEW.category),
                   (4, 'status', OLD.status, NEW.status),
                   (5, 'outcome', OLD.outcome, NEW.outcome),
                   (6, 'endsAt', market_history_time(OLD.ends_at), market_history_time(NEW.ends_at))
        ) AS fields (place, field, before, after);
    END IF;

    RETURN NULL;
END
$$;

CREATE TRIGGER market_history_of_changes
AFTER UPDATE ON markets
FOR EACH ROW
WHEN (OLD.version <> NEW.version)
EXECUTE FUNCTION market_history_record();

CREATE TRIGGER market_history_of_deletes
AFTER DELETE ON markets
FOR EACH ROW
EXECUTE FUNCTION market_history_record();

-- What was changed before this table was there is not known; that it was made is.
INSERT INTO market_history (market_id, action, to_version, changed_by, changed_at, changes)
SELECT id, 'created', 1, creator_id, created_at, '[]'
FROM markets
WHERE version > 1;
