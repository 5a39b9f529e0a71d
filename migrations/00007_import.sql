-- +goose Up

-- Files on their way into the record. What they would change is computed by writing them and rolling back, and kept here to be
-- looked at; the file itself goes when the import is over.
CREATE TABLE import (
    id         uuid        PRIMARY KEY,
    seq        bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind       text        NOT NULL CHECK (kind IN ('parcels', 'stations')),
    state      text        NOT NULL DEFAULT 'checking' CHECK (state IN ('checking', 'ready', 'writing', 'done', 'failed', 'cancelled')),
    file       text        NOT NULL CHECK (file <> ''),
    bytes      integer     NOT NULL CHECK (bytes > 0),
    options    jsonb       NOT NULL CHECK (jsonb_typeof(options) = 'object'),
    who        text        NOT NULL CHECK (who <> ''),
    why        text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    progress   jsonb       NOT NULL DEFAULT '{}',
    skip       boolean     NOT NULL DEFAULT false,
    encoding   text        NOT NULL DEFAULT '',
    digest     text        NOT NULL DEFAULT '',
    counts     jsonb       NOT NULL DEFAULT '{}',
    warnings   integer     NOT NULL DEFAULT 0,
    refused    jsonb,
    xid        xid8,
    CHECK ((state = 'done') = (xid IS NOT NULL)),
    CHECK ((state = 'failed') = (refused IS NOT NULL))
);

CREATE TABLE import_part (
    import uuid    NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    part   integer NOT NULL,
    data   bytea   NOT NULL,
    PRIMARY KEY (import, part)
);
ALTER TABLE import_part ALTER data SET STORAGE EXTERNAL; -- read whole, and often compressed already

CREATE TABLE import_item (
    import  uuid    NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    seq     integer NOT NULL,
    outcome text    NOT NULL CHECK (outcome IN ('added', 'changed', 'same', 'refused')),
    item    jsonb   NOT NULL,
    geom    geometry(Geometry, 4490),
    PRIMARY KEY (import, seq)
);

CREATE TABLE import_fault (
    import uuid    NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    seq    integer NOT NULL,
    fault  jsonb   NOT NULL,
    PRIMARY KEY (import, seq)
);

-- +goose Down
DROP TABLE import_fault, import_item, import_part, import;
