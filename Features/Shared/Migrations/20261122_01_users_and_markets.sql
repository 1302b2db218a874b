-- Names are sorted as people expect in any language, ignoring case: the ICU root collation at its second level.
CREATE COLLATION name_order (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 100),
    email text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE markets (
    id uuid PRIMARY KEY,
    source text,
    external_id text,
    name text NOT NULL CHECK (char_length(name) BETWEEN 3 AND 300),
    description text NOT NULL CHECK (char_length(description) <= 5000),
    category text CHECK (category ~ '^[a-z0-9-]{1,50}$'),
    status text NOT NULL CHECK (status IN ('draft', 'active', 'closed', 'resolved', 'cancelled')),
    outcome text CHECK (outcome IN ('yes', 'no')),
    -- The sum of the stakes of the market's positions, on top of what it was imported with.
    volume numeric(18, 2) NOT NULL DEFAULT 0 CHECK (volume >= imported_volume),
    imported_volume numeric(18, 2) NOT NULL DEFAULT 0 CHECK (imported_volume >= 0),
    -- Hash of the imported line: the same line imported again changes nothing, whatever people have changed since.
    import_digest bytea,
    ends_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    creator_id uuid NOT NULL REFERENCES users,
    -- The two numbers of the entity tag: changes of the market's own fields, and changes of its volume.
    version bigint NOT NULL DEFAULT 1 CHECK (version >= 1),
    revision bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
    UNIQUE (source, external_id),
    CHECK ((source IS NULL) = (external_id IS NULL)),
    CHECK ((status = 'resolved') = (outcome IS NOT NULL)),
    CHECK (ends_at IS NOT NULL OR external_id IS NOT NULL)
);

CREATE TABLE positions (
    id uuid PRIMARY KEY,
    market_id uuid NOT NULL REFERENCES markets,
    user_id uuid NOT NULL REFERENCES users,
    outcome text NOT NULL CHECK (outcome IN ('yes', 'no')),
    stake numeric(18, 2) NOT NULL CHECK (stake BETWEEN 0.01 AND 1000000),
    created_at timestamptz NOT NULL
);

CREATE INDEX positions_of_market ON positions (market_id, created_at, id);

-- A page of a list, at any depth, is one range of one index: each order has an index for the whole list and one for each
-- filter that narrows it much. An index serves its order both ways; open-ended markets come last in either, hence two for ends_at.
-- Drafts are listed only by status, so the other indexes leave them out.
CREATE INDEX markets_by_volume ON markets (volume, id) WHERE status <> 'draft';
CREATE INDEX markets_by_created_at ON markets (created_at, id) WHERE status <> 'draft';
CREATE INDEX markets_by_ends_at_asc ON markets (coalesce(ends_at, 'infinity'), id) WHERE status <> 'draft';
CREATE INDEX markets_by_ends_at_desc ON markets (coalesce(ends_at, '-infinity'), id) WHERE status <> 'draft';
CREATE INDEX markets_by_name ON markets (name COLLATE name_order, id) WHERE status <> 'draft';

CREATE INDEX markets_of_status_by_volume ON markets (status, volume, id);
CREATE INDEX markets_of_status_by_created_at ON markets (status, created_at, id);
CREATE INDEX markets_of_status_by_ends_at_asc ON markets (status, coalesce(ends_at, 'infinity'), id);
CREATE INDEX markets_of_status_by_ends_at_desc ON markets (status, coalesce(ends_at, '-infinity'), id);
CREATE INDEX markets_of_status_by_name ON markets (status, name COLLATE name_order, id);

CREATE INDEX markets_of_category_by_volume ON markets (category, volume, id) WHERE status <> 'draft' AND category IS NOT NULL;
CREATE INDEX markets_of_category_by_created_at ON markets (category, created_at, id) WHERE status <> 'draft' AND category IS NOT NULL;
CREATE INDEX markets_of_category_by_ends_at_asc ON markets (category, coalesce(ends_at, 'infinity'), id) WHERE status <> 'draft' AND category IS NOT NULL;
CREATE INDEX markets_of_category_by_ends_at_desc ON markets (category, coalesce(ends_at, '-infinity'), id) WHERE status <> 'draft' AND category IS NOT NULL;
CREATE INDEX markets_of_category_by_name ON markets (category, name COLLATE name_order, id) WHERE status <> 'draft' AND category IS NOT NULL;

CREATE INDEX markets_of_creator_by_volume ON markets (creator_id, volume, id);
CREATE INDEX markets_of_creator_by_created_at ON markets (creator_id, created_at, id);
CREATE INDEX markets_of_creator_by_ends_at_asc ON markets (creator_id, coalesce(ends_at, 'infinity'), id);
CREATE INDEX markets_of_creator_by_ends_at_desc ON markets (creator_id, coalesce(ends_at, '-infinity'), id);
CREATE INDEX markets_of_creator_by_name ON markets (creator_id, name COLLATE name_order, id);
