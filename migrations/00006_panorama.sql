-- +goose Up

-- Panoramas of parcels: what is told of them, with history and in the change log like everything that is shown.
CREATE TABLE panorama (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version     integer     NOT NULL DEFAULT 1,
    changed_at  timestamptz NOT NULL DEFAULT now(),
    parcel      text        NOT NULL CHECK (parcel <> ''),
    picture     text        NOT NULL CHECK (picture ~ '^[0-9a-f]{64}$'),
    caption     jsonb       NOT NULL CHECK (name_ok(caption)),
    alt         jsonb       NOT NULL CHECK (name_ok(alt)),
    taken_on    date,
    heading_deg double precision CHECK (heading_deg >= 0 AND heading_deg < 360),
    hot_spots   jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(hot_spots) = 'array'),
    sample      boolean     NOT NULL DEFAULT false,
    UNIQUE (parcel, picture)
);
SELECT record('panorama', 7::smallint);

-- Their pictures in several sizes, made anew from the file that came, which is not kept. They go with the panorama: a
-- picture that was taken down is nowhere.
CREATE TABLE panorama_image (
    panorama_id bigint  NOT NULL REFERENCES panorama (id) ON DELETE CASCADE,
    width       integer NOT NULL CHECK (width BETWEEN 256 AND 8192),
    sha256      text    NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    jpeg        bytea   NOT NULL CHECK (length(jpeg) BETWEEN 1 AND 52428800),
    PRIMARY KEY (panorama_id, width)
);
CREATE INDEX panorama_image_sha256 ON panorama_image (sha256);
ALTER TABLE panorama_image ALTER COLUMN jpeg SET STORAGE EXTERNAL;

-- +goose Down
DROP TABLE panorama_image, panorama;
