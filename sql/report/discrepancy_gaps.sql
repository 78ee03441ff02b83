-- The first dates that an awaited refund needs and no file covers, where files cover later ones: a hole, not the end.
-- Grain: one row per discrepancy that has a hole.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),

cover as (
  select span.processor, range_agg(daterange(span.covers_from, span.covers_to, '[]')) as dates, max(span.covers_to) as last_on
  from coverage_span span
  where span.business_id = $1::uuid
  group by span.processor
),

missing as (
  select found.discrepancy_id,
    datemultirange(daterange(found.dated_on, found.due_on, '[]')) - cover.dates as dates, cover.last_on
  from params
  join discrepancy found on found.business_id = $1::uuid and found.discrepancy_id = any (params.discrepancy_ids)
  cross join lateral (select * from leg where leg.business_id = $1::uuid and leg.leg_no = found.leg_nos[1] limit 1) leg
  join cover on cover.processor = leg.processor
  where found.due_on is not null
)

select missing.discrepancy_id, lower(gap.dates) as "from", upper(gap.dates) - 1 as "to"
from missing
cross join lateral (select dates from unnest(missing.dates) as hole (dates) order by dates limit 1) gap
where upper(gap.dates) - 1 < missing.last_on
