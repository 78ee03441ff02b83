-- What this run no longer finds is cleared. Its items and effects stay, as they were last.
-- Grain: one row per discrepancy, with its event.
with params as not materialized (select $1::uuid as business_id, $2::timestamptz as as_of),
gone as (
  select stored.business_id, stored.discrepancy_id, stored.status
  from params join discrepancy stored on stored.business_id = params.business_id and stored.status <> 'cleared'
  where not exists (select from finding where finding.discrepancy_id = stored.discrepancy_id)
),
cleared as (
  update discrepancy stored set status = 'cleared'
  from params cross join gone
  where stored.business_id = params.business_id and stored.discrepancy_id = gone.discrepancy_id
)
insert into discrepancy_event (business_id, discrepancy_id, happened_at, actor, from_status, to_status, note)
select gone.business_id, gone.discrepancy_id, params.as_of, 'run', gone.status, 'cleared', 'no longer found'
from params cross join gone
order by gone.discrepancy_id
