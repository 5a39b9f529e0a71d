-- +goose Up

-- The heights around the streets are kept with them; see geo/elevation. A network of before has none until it is imported again.
ALTER TABLE network_part DROP CONSTRAINT network_part_name_check;
ALTER TABLE network_part ADD CONSTRAINT network_part_name_check CHECK (name IN ('basemap', 'heights') OR name ~ '^streets/[a-z]+$');

-- +goose Down
DELETE FROM network_part WHERE name = 'heights';
ALTER TABLE network_part DROP CONSTRAINT network_part_name_check;
ALTER TABLE network_part ADD CONSTRAINT network_part_name_check CHECK (name = 'basemap' OR name ~ '^streets/[a-z]+$');
