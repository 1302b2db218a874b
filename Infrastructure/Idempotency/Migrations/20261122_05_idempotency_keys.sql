-- First answers to requests with an Idempotency-Key, stored in the transaction of what they did.
CREATE TABLE idempotency_keys (
    -- A hash of caller, method, path and key.
    id uuid PRIMARY KEY,
    -- SHA-256 of the request's body.
    fingerprint bytea NOT NULL,
    status smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
    location text,
    entity_tag text,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL
);

-- Rows lie in the order of their times, so a summary of each range of pages finds the old ones, and costs writes nothing.
CREATE INDEX idempotency_keys_by_created_at ON idempotency_keys USING brin (created_at);
