-- The number of a pull that begins: what it brings bears it before the pull itself is stored.
-- Grain: one row.
select nextval(pg_get_serial_sequence('pull', 'pull_id')) as pull_id
