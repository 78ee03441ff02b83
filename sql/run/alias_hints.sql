-- Processors that the books name and the configuration does not: for how many refunds, and the configured one at which most
-- of these are, matched there by id, or open there with the same amount at most three days apart.
-- Grain: one row per name in the books.
with params as not materialized (select $1::uuid as business_id),

elsewhere as (
  select leg.processor as named, judged.processor as configured, leg.leg_no
  from params
  join match_judged judged on judged.business_id = params.business_id and judged.is_elsewhere
  join match_leg matched on matched.business_id = params.business_id and matched.match_no = judged.match_no
  join leg on leg.business_id = params.business_id and leg.leg_no = matched.leg_no
),

open as (
  select leg.processor as named, leg.leg_no, leg.direction, leg.amount, leg.currency, leg.on_date
  from params
  join open_leg leg on leg.business_id = params.business_id
),

unknown as (
  select each.named, count(*) as refunds
  from params
  cross join (select named, leg_no from elsewhere union select named, leg_no from open) each
  left join processor_setting own on own.business_id = params.business_id and own.processor = each.named
  where own.processor is null and each.named <> 'UNASSIGNED'
  group by each.named
),

there as (
  select each.named, each.configured, count(*) as refunds
  from params
  cross join (
    select named, configured, leg_no from elsewhere
    union
    select open.named, line.processor, open.leg_no
    from params
    join open_row line on line.business_id = params.business_id
    join open
      on open.direction = line.direction and open.amount = line.amount and open.currency = line.currency
         and abs(line.on_date - open.on_date) <= 3
  ) each
  join processor_setting setting on setting.business_id = params.business_id and setting.processor = each.configured
  group by each.named, each.configured
)

select distinct on (unknown.refunds, unknown.named)
  unknown.named, unknown.refunds, there.configured, there.refunds as refunds_there
from unknown
left join there on there.named = unknown.named
order by unknown.refunds desc, unknown.named, there.refunds desc, there.configured collate "C"
