-- +goose Up

-- The change log. A reader takes what has become visible since its last snapshot; seq only orders the changes of one
-- key, and is never a cursor (a sequence is taken at insert, a row is visible at commit).
CREATE TABLE change_log (
    seq   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid   xid8        NOT NULL DEFAULT pg_current_xact_id(),
    layer smallint    NOT NULL,
    key   bigint      NOT NULL,
    at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX change_log_xid ON change_log (xid);

-- One row. epoch changes when the log no longer continues what a reader may have seen (after a restore, say);
-- floor is the oldest transaction whose changes are still in the log; seeding is true while the sample is being loaded,
-- so that a load that was cut off is taken up again.
CREATE TABLE feed (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch uuid    NOT NULL DEFAULT gen_random_uuid(),
    floor xid8    NOT NULL DEFAULT pg_current_xact_id(),
    seeding boolean NOT NULL DEFAULT false
);
INSERT INTO feed DEFAULT VALUES;

-- Former versions of every record: what it was, until when, and who changed it and why.
CREATE TABLE history (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layer   smallint    NOT NULL,
    key     bigint      NOT NULL,
    version integer     NOT NULL,
    row     jsonb       NOT NULL,
    until   timestamptz NOT NULL DEFAULT now(),
    op      text        NOT NULL CHECK (op IN ('update', 'delete')),
    who     text        NOT NULL,
    why     text        NOT NULL,
    UNIQUE (layer, key, version)
);

-- +goose StatementBegin
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO history (layer, key, version, row, op, who, why)
    VALUES (TG_ARGV[0]::smallint, OLD.id, OLD.version, to_jsonb(OLD), lower(TG_OP),
            coalesce(nullif(current_setting('kora.who', true), ''), session_user),
            coalesce(current_setting('kora.why', true), ''));
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.changed_at := now();
    RETURN NEW;
END $$;

-- Statement triggers with a transition table cost half of what row triggers do on bulk imports.
CREATE FUNCTION log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (layer, key) SELECT TG_ARGV[0]::smallint, id FROM touched;
    IF FOUND THEN
        PERFORM pg_notify('kora_change', '');
    END IF;
    RETURN NULL;
END $$;

-- record(table, layer) gives a table its history and its place in the change log.
CREATE FUNCTION record(tab regclass, layer smallint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER history BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION keep_history(%s)', tab, layer);
    EXECUTE format('CREATE TRIGGER log_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION log_change(%s)', tab, layer);
    EXECUTE format('CREATE TRIGGER log_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION log_change(%s)', tab, layer);
    EXECUTE format('CREATE TRIGGER log_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION log_change(%s)', tab, layer);
END $$;

-- name_ok holds what kora.Name promises: an object of texts with a Chinese one.
CREATE FUNCTION name_ok(name jsonb) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT jsonb_typeof(name) = 'object' AND coalesce(name->>'zh', '') <> ''
$$;
-- +goose StatementEnd

CREATE TABLE station (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    code       text        NOT NULL UNIQUE CHECK (code <> ''),
    name       jsonb       NOT NULL CHECK (name_ok(name)),
    kind       text        NOT NULL CHECK (kind IN ('union_station', 'oxygen_bar', 'drivers_home')),
    status     text        NOT NULL CHECK (status IN ('planned', 'building', 'trial', 'open', 'paused', 'closed')),
    geom       geometry(Point, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom) AND ST_X(geom) BETWEEN -180 AND 180 AND ST_Y(geom) BETWEEN -90 AND 90),
    county     text        NOT NULL DEFAULT '' CHECK (county ~ '^([0-9]{6})?$'),
    address    jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(address) = 'object'),
    hours      text        NOT NULL DEFAULT '',
    facilities text[]      NOT NULL DEFAULT '{}',
    standard   boolean     NOT NULL DEFAULT false,
    area_m2    double precision NOT NULL DEFAULT 0 CHECK (area_m2 BETWEEN 0 AND 1e6),
    altitude_m double precision NOT NULL DEFAULT 0 CHECK (altitude_m BETWEEN -500 AND 9000),
    highway    text        NOT NULL DEFAULT '',
    sample     boolean     NOT NULL DEFAULT false,
    source     jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX station_geom ON station USING gist (geom);
SELECT record('station', 1::smallint);

CREATE TABLE key_area (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    code       text        NOT NULL UNIQUE CHECK (code <> ''),
    name       jsonb       NOT NULL CHECK (name_ok(name)),
    county     text        NOT NULL DEFAULT '' CHECK (county ~ '^([0-9]{6})?$'),
    geom       geometry(MultiPolygon, 4490) NOT NULL CONSTRAINT key_area_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    sample     boolean     NOT NULL DEFAULT false,
    source     jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX key_area_geom ON key_area USING gist (geom);
SELECT record('key_area', 2::smallint);

CREATE TABLE highway (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    ref        text        NOT NULL UNIQUE CHECK (ref <> ''),
    name       jsonb       NOT NULL CHECK (name_ok(name)),
    geom       geometry(MultiLineString, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom)),
    sample     boolean     NOT NULL DEFAULT false,
    source     jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX highway_geom ON highway USING gist (geom);
SELECT record('highway', 3::smallint);

CREATE TABLE parcel (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now(),
    number     text        NOT NULL UNIQUE CHECK (number <> ''),
    name       jsonb       NOT NULL CHECK (name_ok(name)),
    county     text        NOT NULL DEFAULT '' CHECK (county ~ '^([0-9]{6})?$'),
    address    jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(address) = 'object'),
    use_code   text        NOT NULL CHECK (use_code ~ '^[0-9]{1,8}$'),
    use_scheme text        NOT NULL CHECK (use_scheme IN ('2023', '2017')),
    uses       jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(uses) = 'array'),
    status     text        NOT NULL CHECK (status IN (
                   'reserve', 'preparing', 'ready', 'promoted', 'pre_announced', 'announced', 'registration', 'bidding',
                   'result_notice', 'signed', 'delivered', 'supplied', 'unsold', 'suspended', 'terminated', 'withdrawn')),
    geom       geometry(MultiPolygon, 4490) NOT NULL CONSTRAINT parcel_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    area_m2    double precision NOT NULL GENERATED ALWAYS AS (ST_Area(geom::geography)) STORED,
    stated_m2  double precision NOT NULL DEFAULT 0 CHECK (stated_m2 >= 0),
    far        jsonb       NOT NULL DEFAULT '{}',
    density    jsonb       NOT NULL DEFAULT '{}',
    green      jsonb       NOT NULL DEFAULT '{}',
    height_m   jsonb       NOT NULL DEFAULT '{}',
    price      jsonb,
    supply     text        NOT NULL DEFAULT '' CHECK (supply IN ('', 'HB', 'XY', 'ZB', 'PM', 'GP', 'ZL', 'ZJ', 'SQ', 'RS')),
    term_years integer     NOT NULL DEFAULT 0 CHECK (term_years BETWEEN 0 AND 70),
    altitude_m double precision NOT NULL DEFAULT 0 CHECK (altitude_m BETWEEN -500 AND 9000),
    access     geometry(Point, 4490),
    facilities text[]      NOT NULL DEFAULT '{}',
    sample     boolean     NOT NULL DEFAULT false,
    source     jsonb       NOT NULL DEFAULT '{}',
    -- Military and custodial land is never on a public map (公开地图内容表示规范, 2023).
    CHECK (NOT (use_scheme = '2023' AND use_code ~ '^150[15]' OR use_scheme = '2017' AND use_code ~ '^090[13]'))
);
CREATE INDEX parcel_geom ON parcel USING gist (geom);
SELECT record('parcel', 4::smallint);

CREATE TABLE notice (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version      integer     NOT NULL DEFAULT 1,
    changed_at   timestamptz NOT NULL DEFAULT now(),
    code         text        NOT NULL UNIQUE CHECK (code <> ''),
    kind         text        NOT NULL CHECK (kind IN ('notice', 'guide', 'policy')),
    title        jsonb       NOT NULL CHECK (name_ok(title)),
    body         jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(body) = 'object'),
    published_on date        NOT NULL,
    closes_at    timestamptz,
    parcels      text[]      NOT NULL DEFAULT '{}',
    sample       boolean     NOT NULL DEFAULT false,
    CHECK (closes_at IS NULL OR closes_at >= published_on)
);
SELECT record('notice', 5::smallint);

-- The street network in use is the newest row; former ones stay as rows without their parts.
CREATE TABLE network (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version     integer     NOT NULL DEFAULT 1,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    name        text        NOT NULL CHECK (name <> ''),
    sha256      text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    data_time   timestamptz,
    imported_at timestamptz NOT NULL DEFAULT now(),
    elevation   text        NOT NULL DEFAULT '',
    attribution text        NOT NULL DEFAULT '',
    bounds      geometry(Polygon, 4490) NOT NULL,
    nodes       integer     NOT NULL CHECK (nodes > 0),
    edges       integer     NOT NULL CHECK (edges > 0),
    sample      boolean     NOT NULL DEFAULT false
);
SELECT record('network', 6::smallint);

-- The encoded streets and basemap, cut so that no row nears PostgreSQL's limits.
CREATE TABLE network_part (
    network_id bigint  NOT NULL REFERENCES network (id) ON DELETE CASCADE,
    name       text    NOT NULL CHECK (name IN ('streets', 'basemap')),
    part       integer NOT NULL CHECK (part >= 0),
    data       bytea   NOT NULL,
    PRIMARY KEY (network_id, name, part)
);
ALTER TABLE network_part ALTER COLUMN data SET STORAGE EXTERNAL;

-- +goose Down
DROP TABLE network_part, network, notice, parcel, highway, key_area, station, history, feed, change_log;
DROP FUNCTION record(regclass, smallint), log_change(), keep_history(), name_ok(jsonb);
