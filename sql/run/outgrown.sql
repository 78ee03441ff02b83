-- The tables to be sampled for the planner: those asked for, and of others those that have grown by a fifth since they last
-- were: on old figures it would loop where it should join. Of a view of a Citus shard, the shard's table.
-- Grain: one row per table. $1 tables in any case, $2 tables where they have grown
select class.oid::regclass::text as name
from unnest($1::text[] || $2::text[]) as asked (name)
join pg_class named on named.oid = to_regclass(asked.name)
left join lateral (
  select depend.refobjid as oid
  from pg_rewrite rewrite
  join pg_depend depend on depend.classid = 'pg_rewrite'::regclass and depend.objid = rewrite.oid
    and depend.refclassid = 'pg_class'::regclass and depend.refobjid <> named.oid
  where rewrite.ev_class = named.oid
  limit 1
) behind on named.relkind = 'v'
join pg_class class on class.oid = coalesce(behind.oid, named.oid)
where asked.name = any ($1::text[])
  or pg_relation_size(class.oid) / current_setting('block_size')::bigint > class.relpages * 1.2 + 8
order by class.relname
