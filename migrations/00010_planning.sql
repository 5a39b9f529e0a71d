-- +goose Up

-- +goose StatementBegin
-- demand_ok holds what kora.Demand promises of its places: each weight has a point or a cell, and is a number that can be added.
CREATE FUNCTION demand_ok(lons float8[], lats float8[], cells bigint[], weights float8[]) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT cardinality(weights) BETWEEN 1 AND 200000
        AND (cardinality(lons) = cardinality(weights) AND cardinality(lats) = cardinality(weights) AND cardinality(cells) = 0
          OR cardinality(cells) = cardinality(weights) AND cardinality(lons) = 0 AND cardinality(lats) = 0)
        AND (SELECT bool_and(coalesce(w BETWEEN 0 AND 1e8, false)) FROM unnest(weights) AS w)
        AND coalesce((SELECT bool_and(coalesce(x BETWEEN -180 AND 180, false)) FROM unnest(lons) AS x), true)
        AND coalesce((SELECT bool_and(coalesce(y BETWEEN -90 AND 90, false)) FROM unnest(lats) AS y), true)
        AND coalesce((SELECT bool_and(coalesce((c >> 59) & 15 = 1, false)) FROM unnest(cells) AS c), true) -- the mode of a cell
$$;
-- +goose StatementEnd

-- Where people are whom the service circle is for. A set comes as a whole and is replaced as a whole, so its places are lists of its row.
CREATE TABLE demand (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    code       text        NOT NULL UNIQUE CHECK (code <> ''),
    name       jsonb       NOT NULL CHECK (name_ok(name)),
    unit       text        NOT NULL CHECK (unit IN ('people', 'workers', 'jobs')),
    as_of      date        NOT NULL,
    publisher  text        NOT NULL CHECK (publisher <> ''),
    lons       float8[]    NOT NULL,
    lats       float8[]    NOT NULL,
    cells      bigint[]    NOT NULL,
    weights    float8[]    NOT NULL,
    sample     boolean     NOT NULL DEFAULT false,
    source     jsonb       NOT NULL DEFAULT '{}',
    CONSTRAINT demand_places CHECK (demand_ok(lons, lats, cells, weights))
);
SELECT record('demand', 8::smallint);

-- Reports that were kept: what was told at a time, whole, for ever.
CREATE TABLE report (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version     integer     NOT NULL DEFAULT 1,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    name        text        NOT NULL CHECK (name <> ''),
    note        text        NOT NULL DEFAULT '',
    who         text        NOT NULL CHECK (who <> ''),
    report      jsonb       NOT NULL CHECK (jsonb_typeof(report) = 'object' AND jsonb_typeof(report->'rows') = 'array' AND report->>'snapshot' <> ''),
    assumptions jsonb       NOT NULL CHECK (jsonb_typeof(assumptions) = 'object')
);
SELECT record('report', 9::smallint);

-- +goose StatementBegin
CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was kept in % does not change', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON report FOR EACH ROW EXECUTE FUNCTION stay();
CREATE TRIGGER frozen_whole BEFORE TRUNCATE ON report FOR EACH STATEMENT EXECUTE FUNCTION stay();

-- What should be reached by the end of a year.
CREATE TABLE target (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    year       integer     NOT NULL UNIQUE CHECK (year BETWEEN 2020 AND 2050),
    standard   integer     NOT NULL CHECK (standard BETWEEN 0 AND 100000),
    key_areas  integer     NOT NULL CHECK (key_areas BETWEEN 0 AND 100000),
    highways   integer     NOT NULL CHECK (highways BETWEEN 0 AND 100000),
    sample     boolean     NOT NULL DEFAULT false
);
SELECT record('target', 10::smallint);

-- +goose Down
DROP TABLE target, report, demand;
DROP FUNCTION stay(), demand_ok(float8[], float8[], bigint[], float8[]);
