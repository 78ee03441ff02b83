-- What was cleared and is found again is open; so is what a person resolved and whose effects have changed since: the
-- decision stays in its history with the effects it was made on.
-- Grain: one row per discrepancy, with its event.
with params as not materialized (select $1::uuid as business_id, $2::timestamptz as as_of),
before as (
  select effect.discrepancy_id,
    json_agg(json_build_array(month, processor, currency, amount, refund_fee, returned_fee) order by month, processor, currency) as effects
  from params join discrepancy_effect effect on effect.business_id = params.business_id
  group by effect.discrepancy_id
),
now_found as (
  select discrepancy_id,
    json_agg(json_build_array(month, processor, currency, amount, refund_fee, returned_fee) order by month, processor, currency) as effects
  from finding_effect
  group by discrepancy_id
),
again as (
  select stored.business_id, stored.discrepancy_id, stored.status, before.effects
  from params
  join discrepancy stored on stored.business_id = params.business_id
  join finding on finding.discrepancy_id = stored.discrepancy_id
  left join before on before.discrepancy_id = stored.discrepancy_id
  left join now_found on now_found.discrepancy_id = stored.discrepancy_id
  where stored.status = 'cleared'
     or (stored.status = 'resolved' and before.effects::text is distinct from now_found.effects::text)
),
opened as (
  update discrepancy stored set status = 'open'
  from params cross join again
  where stored.business_id = params.business_id and stored.discrepancy_id = again.discrepancy_id
)
insert into discrepancy_event (business_id, discrepancy_id, happened_at, actor, from_status, to_status, note, effects)
select again.business_id, again.discrepancy_id, params.as_of, 'run', again.status, 'open',
  case again.status when 'cleared' then 'found again' else 'its effects have changed since it was resolved' end, again.effects
from params cross join again
order by again.discrepancy_id
