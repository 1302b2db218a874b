-- Vectors of markets' texts: what is near to what. Drafts have none.
CREATE TABLE embedding_models (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text NOT NULL,
    name text NOT NULL,
    -- As asked of the provider; null for as many as the model has.
    dimensions integer,
    created_at timestamptz NOT NULL,
    -- When every market had a vector of this model for the first time; until then searches use another one's, if there is one.
    completed_at timestamptz,
    UNIQUE NULLS NOT DISTINCT (provider, name, dimensions)
);

CREATE TABLE market_vectors (
    market_id uuid NOT NULL REFERENCES markets ON DELETE CASCADE,
    model_id smallint NOT NULL REFERENCES embedding_models ON DELETE CASCADE,
    -- Of the text that the vector was made from: the same text is not sent to the provider again.
    text_hash bigint NOT NULL,
    -- A signed byte for each dimension; read only for the nearest by signs.
    vector bytea NOT NULL,
    PRIMARY KEY (market_id, model_id)
);

-- Bytes that look random don't get smaller.
ALTER TABLE market_vectors ALTER COLUMN vector SET STORAGE EXTERNAL;

-- Apart, since each search compares all of them: a tenth of what it would have to read otherwise.
CREATE TABLE market_signs (
    market_id uuid NOT NULL,
    model_id smallint NOT NULL,
    bits bit(1024) NOT NULL,
    PRIMARY KEY (market_id, model_id),
    FOREIGN KEY (market_id, model_id) REFERENCES market_vectors ON DELETE CASCADE
);
