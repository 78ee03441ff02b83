-- What the database is and what this user may do in it.
-- Grain: one row.
-- takes no parameters
select current_setting('server_version') as version,
       current_database()::text as name,
       current_schema()::text as schema,
       has_schema_privilege(current_schema(), 'CREATE') as may_create,
       to_regclass('schema_part') is not null as is_migrated
