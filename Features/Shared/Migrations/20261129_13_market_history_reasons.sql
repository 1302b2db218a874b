-- Why a market was corrected: whoever makes the change says so in app.reason, as they say who they are in app.user_id.
ALTER TABLE market_history ADD COLUMN reason text CHECK (char_length(reason) BETWEEN 1 AND 500);

CREATE OR REPLACE FUNCTION market_history_record() RETURNS trigger LANGUAGE plpgsql AS $$
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
            market_id, action, from_version, to_version, changed_by, changed_at, was_draft, changes, reason
        )
        SELECT NEW.id, 'changed', OLD.version, NEW.version, actor, NEW.updated_at, OLD.status = 'draft',
               coalesce(
                   jsonb_agg(jsonb_build_object('field', field, 'from', before, 'to', after) ORDER BY place)
                       FILTER (WHERE before IS DISTINCT FROM after),
                   '[]'
               ),
               nullif(current_setting('app.reason', true), '')
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
