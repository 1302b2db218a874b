-- Work to do later, queued by the statement that causes it.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind ~ '^[a-z-]{1,50}$'),
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    -- No foreign key: a job may outlive its market.
    market_id uuid,
    -- Of queued jobs of one kind with the same key there is only one.
    deduplication_key text,
    attempts integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL DEFAULT 8,
    last_error text,
    created_at timestamptz NOT NULL,
    run_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    lease_ends_at timestamptz,
    worker_id uuid
);

CREATE UNIQUE INDEX jobs_waiting_once ON jobs (kind, deduplication_key) WHERE state = 'queued';
