-- +goose Up

-- +goose StatementBegin
-- price_ok holds what kora.Price promises: an amount with one of the units, or nothing.
CREATE FUNCTION price_ok(price jsonb, units text[]) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT price IS NULL OR jsonb_typeof(price) = 'object' AND jsonb_typeof(price->'amount') = 'number'
        AND (price->>'amount')::float8 BETWEEN 0 AND 1e9 AND coalesce(price->>'unit' = ANY (units), false)
$$;

-- range_ok holds what kora.Range promises: bounds that are numbers up to a limit, the lower not above the upper.
CREATE FUNCTION range_ok(range jsonb, most float8) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT jsonb_typeof(range) = 'object'
        AND coalesce((range->>'min')::float8 BETWEEN 0 AND most, true) AND coalesce((range->>'max')::float8 BETWEEN 0 AND most, true)
        AND coalesce((range->>'min')::float8 <= (range->>'max')::float8, true)
$$;

-- period_ok holds what kora.Period promises: it does not end before it begins.
CREATE FUNCTION period_ok(period jsonb) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT period IS NULL OR jsonb_typeof(period) = 'object' AND coalesce((period->>'from')::timestamptz <= (period->>'to')::timestamptz, true)
$$;

-- steps_ok holds what kora.Parcel promises of its steps: dated, in order, and leading to the status.
CREATE FUNCTION steps_ok(steps jsonb, status text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT jsonb_typeof(steps) = 'array' AND coalesce(steps->-1->>'status' = status, false) AND (
        SELECT bool_and(coalesce(jsonb_typeof(s->'status') = 'string' AND s->>'on' ~ '^\d{4}-\d\d-\d\d$', false)
                AND coalesce(s->>'on' >= before, true))
        FROM (SELECT s, lag(s->>'on') OVER (ORDER BY i) AS before FROM jsonb_array_elements(steps) WITH ORDINALITY AS t(s, i)) AS each)
$$;

-- parcel_steps gives the steps that are to be written of {"number", "status", "steps"}: the given ones or, without any,
-- those of the record, and one more of today and whoever signs the change where they do not lead to the status.
-- The plan is made once: on a table that was empty then, it would read all of it for each row of a large import.
CREATE FUNCTION parcel_steps(given jsonb) RETURNS jsonb STABLE LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    steps jsonb := given->'steps';
    today date := now() AT TIME ZONE 'Asia/Shanghai';
BEGIN
    IF coalesce(steps, 'null') IN ('null', '[]') THEN
        SELECT parcel.steps INTO steps FROM parcel WHERE number = given->>'number';
        steps := coalesce(steps, '[]');
    END IF;
    IF steps->-1->>'status' IS DISTINCT FROM given->>'status' THEN
        steps := steps || jsonb_strip_nulls(jsonb_build_object('status', given->>'status',
            'on', greatest(today::text, steps->-1->>'on'), 'who', nullif(current_setting('kora.who', true), '')));
    END IF;
    RETURN steps;
END $$;
-- +goose StatementEnd

ALTER TABLE parcel
    ADD COLUMN cadastre     text  NOT NULL DEFAULT '' CHECK (cadastre ~ '^([0-9]{12}[A-Z]{2}[0-9]{5}([WF][0-9]{8})?)?$'),
    ADD COLUMN zone         text  NOT NULL DEFAULT '' CHECK (length(zone) <= 60),
    ADD COLUMN industry     text[] NOT NULL DEFAULT '{}' CHECK (array_position(industry, '') IS NULL),
    ADD COLUMN deposit      jsonb CHECK (price_ok(deposit, '{万元,万美元,万港元}')),
    ADD COLUMN increment    jsonb CHECK (price_ok(increment, '{万元,元/㎡,元/㎡楼面,万元/亩}')),
    ADD COLUMN intensity    jsonb CHECK (price_ok(intensity, '{万元/亩,万元/公顷}')),
    ADD COLUMN notice_on    date,
    ADD COLUMN registration jsonb CHECK (period_ok(registration)),
    ADD COLUMN listing      jsonb CHECK (period_ok(listing)),
    ADD COLUMN publicity    jsonb CHECK (period_ok(publicity)),
    ADD COLUMN steps        jsonb;

-- A parcel of before came into its state when it was last changed, as far as the record knows. That is no change of it.
ALTER TABLE parcel DISABLE TRIGGER USER;
UPDATE parcel SET steps = jsonb_build_array(jsonb_build_object('status', status, 'on', (changed_at AT TIME ZONE 'Asia/Shanghai')::date));
ALTER TABLE parcel ENABLE TRIGGER USER;

ALTER TABLE parcel
    ALTER COLUMN steps SET NOT NULL,
    ADD CONSTRAINT parcel_steps CHECK (steps_ok(steps, status)),
    ADD CONSTRAINT parcel_price CHECK (price_ok(price, '{万元,元/㎡,元/㎡楼面,万元/亩}')),
    ADD CONSTRAINT parcel_limits CHECK (range_ok(far, 50) AND range_ok(density, 100) AND range_ok(green, 100) AND range_ok(height_m, 1000));

-- +goose Down
ALTER TABLE parcel
    DROP CONSTRAINT parcel_price, DROP CONSTRAINT parcel_limits,
    DROP COLUMN cadastre, DROP COLUMN zone, DROP COLUMN industry, DROP COLUMN deposit, DROP COLUMN increment, DROP COLUMN intensity,
    DROP COLUMN notice_on, DROP COLUMN registration, DROP COLUMN listing, DROP COLUMN publicity, DROP COLUMN steps;
DROP FUNCTION parcel_steps(jsonb), steps_ok(jsonb, text), period_ok(jsonb), range_ok(jsonb, float8), price_ok(jsonb, text[]);
