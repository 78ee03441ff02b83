-- Which of these external ids refunds that stand in the ledger bear.
-- Grain: one row per external id.
with params as not materialized (
  select $1::uuid as business_id, $2::text as direction, $3::text[] as external_ids
)
select distinct wanted.external_id, stored.refund_id
from params
cross join unnest(params.external_ids) as wanted (external_id)
join ledger_refund stored on stored.business_id = params.business_id and stored.direction = params.direction
  and stored.external_id = wanted.external_id and stored.removed_pull_id is null
order by wanted.external_id, stored.refund_id
