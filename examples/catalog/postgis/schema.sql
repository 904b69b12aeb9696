-- A catalogue of rasters. "catalog load" makes it where it is missing; rows may as well come from anywhere else.
CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE IF NOT EXISTS raster (
    id         bigint PRIMARY KEY,
    name       text NOT NULL,
    path       text NOT NULL UNIQUE, -- of the file, as the server finds it
    folder     text,                 -- that it was loaded from
    pixel_type text,                 -- such as U8; null if it is not known

    -- Where the raster holds data, in longitude and latitude from -180 to 180. Rasters are searched by it alone, so it may be
    -- too large, but not too small.
    footprint  geometry(MultiPolygon, 4326) NOT NULL,

    -- The same exactly, in the raster's own spatial reference: a code or text that srs.Parse reads, the box as xmin, ymin,
    -- xmax, ymax, and the corners of one polygon in it as x, y, x, y, …; null if that is the box.
    crs        text NOT NULL,
    box        double precision[] NOT NULL CHECK (cardinality(box) = 4),
    ring       double precision[] CHECK (cardinality(ring) % 2 = 0),

    -- Sizes are in units of crs. Null is not known, or no limit.
    pixel_size double precision CHECK (pixel_size > 0),
    min_ps     double precision CHECK (min_ps > 0),
    max_ps     double precision CHECK (max_ps > 0),

    z_order    double precision,     -- lower is higher; null is 0
    time_from  timestamptz,          -- null is open
    time_to    timestamptz,
    attributes jsonb NOT NULL DEFAULT '{}' -- numbers, texts, and times as texts of RFC 3339
);

CREATE INDEX IF NOT EXISTS raster_footprint ON raster USING gist (footprint);

-- The version of the table: a number that every transaction that changes it makes larger, once. Triggers of statements see
-- to it, so whoever writes rows need not know.
CREATE TABLE IF NOT EXISTS raster_version (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL,
    writer  text                     -- the transaction that made it so
);
INSERT INTO raster_version (version) VALUES (1) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION raster_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE raster_version SET version = version + 1, writer = pg_current_xact_id()::text
    WHERE writer IS DISTINCT FROM pg_current_xact_id()::text;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER raster_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON raster
    FOR EACH STATEMENT EXECUTE FUNCTION raster_changed();

-- What is known of all rows together, as of a version. "catalog load" writes it, or the first server that asks for it after
-- others have changed rows, see summary.go.
CREATE TABLE IF NOT EXISTS raster_summary (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL,
    summary jsonb NOT NULL
);
