-- +goose Up

-- Streets are kept by profile. What was encoded before cannot be read any more: import the network again.
DELETE FROM network;
ALTER TABLE network_part DROP CONSTRAINT network_part_name_check;
ALTER TABLE network_part ADD CONSTRAINT network_part_name_check CHECK (name = 'basemap' OR name ~ '^streets/[a-z]+$');

-- +goose Down
DELETE FROM network;
ALTER TABLE network_part DROP CONSTRAINT network_part_name_check;
ALTER TABLE network_part ADD CONSTRAINT network_part_name_check CHECK (name IN ('streets', 'basemap'));
