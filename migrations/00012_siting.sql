-- +goose Up

-- Questions where stations should stand. They are worked on in the background, by any node; whoever knows an id may read what came of
-- it.
CREATE TABLE siting (
    id         uuid        PRIMARY KEY,
    seq        bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    state      text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    question   jsonb       NOT NULL CHECK (jsonb_typeof(question) = 'object'),
    who        text        NOT NULL CHECK (who <> ''),
    why        text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    progress   jsonb       NOT NULL DEFAULT '{}',
    plan       jsonb,
    refused    jsonb,
    CHECK ((state = 'done') = (plan IS NOT NULL)),
    CHECK ((state = 'failed') = (refused IS NOT NULL))
);

-- +goose Down
DROP TABLE siting;
