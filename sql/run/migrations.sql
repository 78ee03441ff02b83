-- The migrations that were applied.
-- Grain: one row per migration.
-- takes no parameters
select name
from kysely_migration
order by name collate "C"
