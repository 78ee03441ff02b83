-- Forgets timing findings that were cleared before the last run, that no event speaks of and no correction came of.
-- Grain: one row per discrepancy. $1 business, $2 as_of of the run before, $3 the codes of the class timing
with params as not materialized (select $1::uuid as business_id, $2::timestamptz as as_of_before, $3::text[] as timing_codes),
old as materialized (
  select stored.discrepancy_id
  from params
  join discrepancy stored on stored.business_id = params.business_id and stored.status = 'cleared'
    and stored.code = any (params.timing_codes) and stored.last_seen_at < params.as_of_before
  where not exists (select from event where event.business_id = params.business_id and event.subject = stored.discrepancy_id)
    and not exists (
      select from correction
      where correction.business_id = params.business_id and correction.discrepancy_id = stored.discrepancy_id)
),
effects as (
  delete from discrepancy_effect effect using params, old
  where effect.business_id = params.business_id and effect.discrepancy_id = old.discrepancy_id
)
delete from discrepancy stored using params, old
where stored.business_id = params.business_id and stored.discrepancy_id = old.discrepancy_id
