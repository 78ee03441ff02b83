-- What the database is, what time it has and what this user may do in it.
-- Grain: one row.
-- takes no parameters
select current_setting('server_version') as version,
       current_database()::text as name,
       coalesce(current_schema()::text, 'tieout') as schema,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), has_database_privilege(current_database(), 'CREATE')) as may_create,
       to_regclass('schema_part') is not null as is_migrated,
       extract(epoch from clock_timestamp())::bigint as now_seconds
