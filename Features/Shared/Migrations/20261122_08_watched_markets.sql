-- Which markets a user follows, and why. It goes with the market.
CREATE TABLE watched_markets (
    market_id uuid NOT NULL REFERENCES markets ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users,
    note text CHECK (char_length(note) BETWEEN 1 AND 200),
    watched_at timestamptz NOT NULL,
    PRIMARY KEY (market_id, user_id)
);

CREATE INDEX watched_markets_of_user ON watched_markets (user_id, watched_at, market_id);
