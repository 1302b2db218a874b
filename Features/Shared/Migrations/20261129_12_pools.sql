-- A market's pool: what is staked on each outcome, the price that follows from it, and what each position is paid (docs/pool.md).
-- Instances of the version before go on writing while this one is rolled out. They know neither pools nor tiles, so triggers fill both;
-- the release after this one can drop the triggers and make positions.stakes_before and probability NOT NULL.

-- Both tables at once, without a queue of requests behind the wait: a lock that isn't free soon is let go and tried again.
DO $$
BEGIN
    FOR attempt IN 1..100 LOOP
        BEGIN
            SET LOCAL lock_timeout = '500ms';
            LOCK TABLE markets, positions IN ACCESS EXCLUSIVE MODE;
            SET LOCAL lock_timeout = 0;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1 + random() * 0.4);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'markets and positions are in use all the time: stop long transactions on them and migrate again';
END
$$;

-- Yes' share of a pool to four decimals, half to even; null for an empty pool. In whole numbers: a quotient would round twice.
CREATE FUNCTION pool_probability(yes numeric, no numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN yes + no = 0 THEN NULL
        WHEN mod(20000 * yes + yes + no, 2 * (yes + no)) = 0
            THEN (div(20000 * yes + yes + no, 2 * (yes + no)) - mod(div(20000 * yes + yes + no, 2 * (yes + no)), 2)) * 0.0001
        ELSE div(20000 * yes + yes + no, 2 * (yes + no)) * 0.0001
    END
$$;

-- What a position is paid, null until its market is settled: a function of these two rows alone, so that resolving a market touches no position.
-- floor((before + stake) * pot / won) - floor(before * pot / won), in cents.
CREATE FUNCTION pool_payout(
    market_status text, market_outcome text, market_yes numeric, market_no numeric,
    position_outcome text, position_before numeric, position_stake numeric
) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN market_status NOT IN ('resolved', 'cancelled') THEN NULL
        WHEN market_status = 'cancelled' OR CASE market_outcome WHEN 'yes' THEN market_yes ELSE market_no END = 0 THEN position_stake
        WHEN position_outcome <> market_outcome THEN 0.00
        ELSE (
            div((position_before + position_stake) * (market_yes + market_no) * 100, CASE market_outcome WHEN 'yes' THEN market_yes ELSE market_no END)
            - div(position_before * (market_yes + market_no) * 100, CASE market_outcome WHEN 'yes' THEN market_yes ELSE market_no END)
        ) * 0.01
    END
$$;

ALTER TABLE markets
    -- What is staked here on each outcome. volume = imported_volume + yes_pool + no_pool.
    ADD COLUMN yes_pool numeric(18, 2) NOT NULL DEFAULT 0,
    ADD COLUMN no_pool numeric(18, 2) NOT NULL DEFAULT 0,
    -- When it was last resolved or cancelled.
    ADD COLUMN resolved_at timestamptz;

ALTER TABLE positions
    -- What was staked on the same outcome before this position: those of an outcome lie end to end, in the order in which they held the market's row.
    ADD COLUMN stakes_before numeric(18, 2) CHECK (stakes_before >= 0),
    -- The market's probability right after this position.
    ADD COLUMN probability numeric(5, 4) CHECK (probability BETWEEN 0 AND 1);

-- What there is, in the order in which it was opened.
UPDATE positions
SET stakes_before = tiled.stakes_before, probability = pool_probability(tiled.yes_pool, tiled.no_pool)
FROM (
    SELECT id,
           sum(stake) OVER (PARTITION BY market_id, outcome ORDER BY created_at, id ROWS UNBOUNDED PRECEDING) - stake AS stakes_before,
           coalesce(sum(stake) FILTER (WHERE outcome = 'yes') OVER opened, 0) AS yes_pool,
           coalesce(sum(stake) FILTER (WHERE outcome = 'no') OVER opened, 0) AS no_pool
    FROM positions
    WINDOW opened AS (PARTITION BY market_id ORDER BY created_at, id ROWS UNBOUNDED PRECEDING)
) AS tiled
WHERE tiled.id = positions.id;

-- The version before kept volume = imported_volume + stakes; what people have changed past it counts as imported.
WITH pools AS (
    SELECT market_id,
           coalesce(sum(stake) FILTER (WHERE outcome = 'yes'), 0) AS yes_pool,
           coalesce(sum(stake) FILTER (WHERE outcome = 'no'), 0) AS no_pool
    FROM positions
    GROUP BY market_id
)
UPDATE markets
SET yes_pool = pools.yes_pool,
    no_pool = pools.no_pool,
    volume = greatest(volume, pools.yes_pool + pools.no_pool),
    imported_volume = greatest(volume - pools.yes_pool - pools.no_pool, 0)
FROM pools
WHERE pools.market_id = markets.id;

UPDATE markets
SET imported_volume = volume
WHERE imported_volume <> volume AND yes_pool + no_pool = 0;

-- The last change of a final market may have been of its name; when it was settled is in its history, where that is kept.
UPDATE markets
SET resolved_at = coalesce(
    (
        SELECT max(h.changed_at)
        FROM market_history h
        WHERE h.market_id = markets.id AND h.action = 'changed' AND h.changes @> '[{"field": "status"}]'
    ),
    updated_at
)
WHERE status IN ('resolved', 'cancelled');

-- The positions of one user: theirs on a market, and all.
CREATE INDEX positions_of_user ON positions (user_id, market_id, created_at, id);

-- A position of the version before: its statement has raised the volume, and holds the market's row.
CREATE FUNCTION pool_take_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH market AS (
        UPDATE markets
        SET yes_pool = yes_pool + CASE NEW.outcome WHEN 'yes' THEN NEW.stake ELSE 0 END,
            no_pool = no_pool + CASE NEW.outcome WHEN 'no' THEN NEW.stake ELSE 0 END
        WHERE id = NEW.market_id
        RETURNING yes_pool, no_pool
    )
    UPDATE positions
    SET stakes_before = CASE NEW.outcome WHEN 'yes' THEN market.yes_pool ELSE market.no_pool END - NEW.stake,
        probability = pool_probability(market.yes_pool, market.no_pool)
    FROM market
    WHERE id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER pool_of_positions AFTER INSERT ON positions
FOR EACH ROW WHEN (NEW.stakes_before IS NULL) EXECUTE FUNCTION pool_take_position();

-- A market of the version before: settled without a time, or imported as open again.
CREATE FUNCTION pool_time_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.resolved_at := CASE WHEN NEW.status IN ('resolved', 'cancelled') THEN NEW.updated_at END;
    RETURN NEW;
END
$$;

CREATE TRIGGER pool_settlement BEFORE INSERT OR UPDATE OF status ON markets
FOR EACH ROW WHEN ((NEW.status IN ('resolved', 'cancelled')) <> (NEW.resolved_at IS NOT NULL))
EXECUTE FUNCTION pool_time_settlement();

ALTER TABLE markets
    ADD CHECK (yes_pool >= 0 AND no_pool >= 0),
    ADD CHECK ((status IN ('resolved', 'cancelled')) = (resolved_at IS NOT NULL));

-- At the end of a transaction each volume is what it is made of. Within a statement of the version before it isn't for a moment.
CREATE FUNCTION pool_demand_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM markets WHERE id = NEW.id AND volume <> imported_volume + yes_pool + no_pool) THEN
        RAISE check_violation USING
            MESSAGE = 'the volume of a market is not its imported volume and its pool',
            TABLE = 'markets',
            CONSTRAINT = 'markets_volume_is_pool';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER pool_adds_up AFTER INSERT OR UPDATE ON markets
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.volume <> NEW.imported_volume + NEW.yes_pool + NEW.no_pool)
EXECUTE FUNCTION pool_demand_sum();
