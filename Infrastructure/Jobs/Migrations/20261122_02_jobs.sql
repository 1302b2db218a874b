-- Work to do later, queued by the statement that causes it.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind ~ '^[a-z-]{1,50}$'),
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    -- No foreign key: a job may outlive its market.
    market_id uuid,
    -- Of the jobs of one kind with the same key one waits at most, and one runs at most.
    deduplication_key text,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts integer NOT NULL DEFAULT 8 CHECK (max_attempts >= 1),
    last_error text CHECK (char_length(last_error) <= 500),
    created_at timestamptz NOT NULL,
    run_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    -- By the database's clock, the only one that all processes share.
    lease_ends_at timestamptz,
    worker_id uuid,
    CHECK ((state = 'running') = (worker_id IS NOT NULL)),
    CHECK ((state = 'running') = (lease_ends_at IS NOT NULL)),
    CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL))
)
-- Every row is changed twice soon after it is made, so what is dead has to go sooner than by default.
WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Leave the predicate as it is: the statements that queue jobs name this index by it.
CREATE UNIQUE INDEX jobs_waiting_once ON jobs (kind, deduplication_key) WHERE state = 'queued';

-- What to do next, in its order.
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE state = 'queued';

-- The few that run: which keys are taken, and whose lease has ended.
CREATE INDEX jobs_running ON jobs (kind, deduplication_key) WHERE state = 'running';

-- A page of the list, with any filters, is a few ranges of one of these.
CREATE INDEX jobs_of_state ON jobs (state, created_at, id);
CREATE INDEX jobs_of_kind ON jobs (kind, state, created_at, id);
CREATE INDEX jobs_of_market ON jobs (market_id, created_at, id) WHERE market_id IS NOT NULL;

-- When each recurring job is queued next, by whichever instance comes first.
CREATE TABLE recurring_jobs (
    kind text PRIMARY KEY,
    next_run_at timestamptz NOT NULL
);
