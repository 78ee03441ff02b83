-- Gives every finding its processor and currency, those of its first row, else of its first leg (a whole-refund finding
-- has no processor and the business's currency), and the earliest date among its items, from which its age counts.
-- Grain: one row per finding.
with params as not materialized (select $1::uuid as business_id),
own as not materialized (select business.business_id, business.currency from params join business on business.business_id = params.business_id),
item as (
  select item.finding_no, item.side, item.place, leg.processor, own.currency, leg.on_date
  from own cross join finding_item item
  join work_leg leg on leg.leg_no = item.item_no
  where item.side = 'leg'
  union all
  select item.finding_no, item.side, item.place, line.processor, line.currency, line.occurred_on
  from own cross join finding_item item
  join processor_row line on line.business_id = own.business_id and line.row_no = item.item_no
  where item.side = 'row'
),
head as (
  select distinct on (finding_no) finding_no, processor, currency,
    min(on_date) over (partition by finding_no) as dated_on
  from item order by finding_no, side desc, place
),
refund_date as (
  select finding.finding_no, coalesce(min(leg.completed_on), min(refund.completed_on)) as dated_on
  from own cross join finding
  join ledger_refund refund
    on refund.business_id = own.business_id and refund.direction = finding.direction and refund.refund_id = finding.refund_id
  left join ledger_leg leg
    on leg.business_id = own.business_id and leg.direction = refund.direction and leg.refund_id = refund.refund_id
    and (leg.active or refund.removed_pull_id is not null)
  group by finding.finding_no
)
update finding
set processor = head.processor,
    currency = coalesce(head.currency, own.currency),
    dated_on = coalesce(head.dated_on, refund_date.dated_on)
from own
cross join finding self
left join head on head.finding_no = self.finding_no
left join refund_date on refund_date.finding_no = self.finding_no
where self.finding_no = finding.finding_no
