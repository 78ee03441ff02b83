-- Stores the other names by which the ledger may call the configured processors; what is configured no longer goes.
-- Grain: one row per business and alias.
-- $1 business, $2 aliases, $3 their processors
with params as not materialized (select $1::uuid as business_id, $2::text[] as aliases, $3::text[] as processors),
configured as (
  select params.business_id, pair.alias, pair.processor
  from params, unnest(params.aliases, params.processors) as pair (alias, processor)
),
gone as (
  delete from processor_alias stored
  using params
  where stored.business_id = params.business_id
    and not exists (select from configured where configured.alias = stored.alias)
)

insert into processor_alias as stored (business_id, alias, processor)
select business_id, alias, processor
from configured
order by alias collate "C"
on conflict (business_id, alias) do update
set processor = excluded.processor
where stored.processor is distinct from excluded.processor
