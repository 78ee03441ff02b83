-- What is found for the first time is open.
-- Grain: one row per discrepancy, with its event.
with params as not materialized (select $1::uuid as business_id, $2::timestamptz as as_of),
fresh as (
  insert into discrepancy
    (business_id, discrepancy_id, code, direction, processor, currency, refund_id, status, dated_on, due_on, first_seen_at, last_seen_at)
  select params.business_id, finding.discrepancy_id, finding.code, finding.direction, finding.processor, finding.currency,
    finding.refund_id, 'open', finding.dated_on, finding.due_on, params.as_of, params.as_of
  from params cross join finding
  where not exists (
    select from discrepancy stored
    where stored.business_id = params.business_id and stored.discrepancy_id = finding.discrepancy_id)
  order by finding.discrepancy_id
  returning business_id, discrepancy_id
)
insert into discrepancy_event (business_id, discrepancy_id, happened_at, actor, to_status)
select fresh.business_id, fresh.discrepancy_id, params.as_of, 'run', 'open'
from params cross join fresh
order by fresh.discrepancy_id
