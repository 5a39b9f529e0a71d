-- +goose Up

-- Land-use intents are nobody's business but their submitters' and the bureau's: they are in no change log, no history and
-- so in no atlas. Whatever tells of a person is in intent_contact and in the notes, under lock; the keys are not here.
CREATE TABLE intent (
    id           uuid        PRIMARY KEY,
    seq          bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    number       text        NOT NULL UNIQUE CHECK (number ~ '^YX[0-9]{8}-[0-9A-Z]{6}$'),
    state        text        NOT NULL DEFAULT 'submitted' CHECK (state IN (
                     'submitted', 'accepted', 'matched', 'contact', 'tender', 'answered', 'closed', 'withdrawn')),
    submitted_at timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    industry     text        NOT NULL CHECK (industry ~ '^[A-T][0-9]{0,4}$'),
    investment   double precision NOT NULL CHECK (investment BETWEEN 0 AND 1e8),
    area_min_m2  double precision NOT NULL CHECK (area_min_m2 >= 0),
    area_max_m2  double precision NOT NULL CHECK (area_max_m2 >= 0),
    uses         text[]      NOT NULL,
    counties     text[]      NOT NULL,
    parcels      text[]      NOT NULL,
    needs        jsonb       NOT NULL CHECK (jsonb_typeof(needs) = 'array'),
    consent      text        NOT NULL CHECK (consent <> ''),
    matches      jsonb       NOT NULL CHECK (jsonb_typeof(matches) = 'array'),
    secret_hash  bytea       NOT NULL CHECK (length(secret_hash) = 32),
    request      bytea       UNIQUE, -- the submission's Idempotency-Key, hashed with a key
    content      bytea,              -- all that was submitted, hashed with a key; goes with the contact
    erased_at    timestamptz
);
CREATE INDEX intent_state ON intent (state, seq);
CREATE INDEX intent_content ON intent (content);

-- The subject's data key, wrapped by the keyset, and what it locks. Without this row nothing tells who it was.
CREATE TABLE intent_contact (
    intent uuid  PRIMARY KEY REFERENCES intent (id),
    key    bytea NOT NULL,
    text   bytea NOT NULL,
    phone  bytea NOT NULL -- blind index
);
CREATE INDEX intent_contact_phone ON intent_contact (phone);

CREATE TABLE intent_event (
    seq    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id     uuid        NOT NULL UNIQUE,
    intent uuid        NOT NULL REFERENCES intent (id),
    deed   text        NOT NULL CHECK (deed IN ('state', 'read', 'erase')),
    state  text        NOT NULL,
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    who    text        NOT NULL CHECK (who <> ''),
    note   bytea       -- under lock by the subject's data key
);
CREATE INDEX intent_event_intent ON intent_event (intent, seq);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON intent_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Which keyset locks the contacts: a node with another one must not add to them.
CREATE TABLE keyset (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    fingerprint bytea   NOT NULL
);

-- +goose Down
DROP TABLE keyset, intent_event, intent_contact, intent;
DROP FUNCTION refuse_change();
