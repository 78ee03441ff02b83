-- The tables of a run that have grown by a fifth since the planner last sampled them: on old figures it would loop where it
-- should join.
-- Grain: one row per table.
select class.relname as name
from pg_class class
where class.oid in ('ledger_refund'::regclass, 'ledger_leg'::regclass, 'processor_row'::regclass, 'match_item'::regclass,
  'open_item'::regclass)
  and pg_relation_size(class.oid) / current_setting('block_size')::bigint > class.relpages * 1.2 + 8
order by class.relname
