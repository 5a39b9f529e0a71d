-- +goose Up

-- Scenarios are plans on trial. They are no part of the map, so they are in no change log and no history; what is adopted goes into both
-- with the stations that it changes. The id is drawn at random and is all that a reader needs.
CREATE TABLE scenario (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    seq        bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    version    integer     NOT NULL DEFAULT 1,
    name       text        NOT NULL CHECK (name <> ''),
    settings   jsonb       NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
    edits      jsonb       NOT NULL CHECK (jsonb_typeof(edits) = 'array'),
    base       jsonb       NOT NULL CHECK (jsonb_typeof(base) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    adopted_at timestamptz
);

-- +goose Down
DROP TABLE scenario;
