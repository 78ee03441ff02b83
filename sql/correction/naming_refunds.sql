-- The stored refunds of a direction, removed ones included, that bear one of the keys, and where their contents lie.
-- Reads every refund of the direction once (a second per million).
-- Grain: one row per refund.
-- $1 business, $2 direction, $3 keys, without a leading #
with params as not materialized (
  select $1::uuid as business_id, $2::text as direction, $3::text[] as keys
)
select refund.refund_id, refund.removed_pull_id is null as is_standing, refund.content_pull_id, refund.content_page,
  refund.content_place
from params
join ledger_refund refund on refund.business_id = params.business_id and refund.direction = params.direction
where exists (
  select
  from unnest(refund.reference_keys) as own (key)
  join unnest(params.keys) as wanted (key) on wanted.key = own.key
)
order by refund.refund_id
