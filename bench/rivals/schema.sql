-- The rivals' tables, as most applications have them: keys, foreign keys, and the indexes that their endpoints ask for.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    display_name text NOT NULL,
    email text,
    created_at timestamptz NOT NULL
);

CREATE TABLE markets (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL,
    category text,
    status text NOT NULL,
    outcome text,
    volume numeric(18, 2) NOT NULL DEFAULT 0,
    yes_pool numeric(18, 2) NOT NULL DEFAULT 0,
    no_pool numeric(18, 2) NOT NULL DEFAULT 0,
    ends_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    creator_id uuid NOT NULL REFERENCES users
);

CREATE INDEX markets_status_volume ON markets (status, volume DESC, id DESC);
CREATE INDEX markets_category ON markets (category);
CREATE INDEX markets_created_at ON markets (created_at DESC, id DESC);

CREATE TABLE positions (
    id uuid PRIMARY KEY,
    market_id uuid NOT NULL REFERENCES markets,
    user_id uuid NOT NULL REFERENCES users,
    outcome text NOT NULL,
    stake numeric(18, 2) NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX positions_market ON positions (market_id);
CREATE INDEX positions_user ON positions (user_id);
