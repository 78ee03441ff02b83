-- Processors that the books name and the configuration does not, with the configured ones at which their refunds are:
-- matched there by id, or open there with the same amount at most three days apart.
-- Grain: one row per name in the books and configured processor.
with params as not materialized (select $1::uuid as business_id),

elsewhere as (
  select leg.processor as named, judged.processor as configured, leg.leg_no
  from params
  join match_judged judged on judged.business_id = params.business_id and judged.is_elsewhere
  join match_leg matched on matched.business_id = params.business_id and matched.match_no = judged.match_no
  join leg on leg.business_id = params.business_id and leg.leg_no = matched.leg_no
  union
  select leg.processor, line.processor, leg.leg_no
  from params
  join open_leg leg on leg.business_id = params.business_id
  join open_row line
    on line.business_id = params.business_id and line.direction = leg.direction and line.amount = leg.amount
       and line.currency = leg.currency and abs(line.on_date - leg.on_date) <= 3
)

select elsewhere.named, elsewhere.configured, count(*) as refunds
from params
cross join elsewhere
join processor_setting setting on setting.business_id = params.business_id and setting.processor = elsewhere.configured
left join processor_setting own on own.business_id = params.business_id and own.processor = elsewhere.named
where own.processor is null and elsewhere.named <> 'UNASSIGNED'
group by elsewhere.named, elsewhere.configured
order by refunds desc, elsewhere.named collate "C", elsewhere.configured collate "C"
