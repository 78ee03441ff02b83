-- What each finding contributes to ledger total minus processor total: its legs minus its rows, of the measures that it
-- carries, per month, processor and currency (spec section 6).
-- Grain: one row per finding, month, processor and currency with any measure not 0.
with params as not materialized (select $1::uuid as business_id),
item as (
  select item.finding_no, leg.on_date, leg.processor, business.currency, leg.amount, leg.refund_fee, leg.returned_fee
  from params join business on business.business_id = params.business_id
  cross join finding_item item
  join work_leg leg on leg.leg_no = item.item_no
  where item.side = 'leg'
  union all
  select item.finding_no, line.on_date, line.processor, line.currency, -line.amount, -line.refund_fee, -line.returned_fee
  from finding_item item
  join work_row line on line.row_no = item.item_no
  where item.side = 'row'
  union all
  select item.finding_no, reversal.on_date, reversal.processor, reversal.currency, -reversal.amount, -reversal.refund_fee, -reversal.returned_fee
  from finding_item item
  join work_reversal reversal on reversal.row_no = item.item_no
  where item.side = 'row'
),
carried as (
  select finding.discrepancy_id, to_char(item.on_date, 'YYYY-MM') as month, item.processor, item.currency,
    sum(case when finding.carries_amount then item.amount else 0 end) as amount,
    sum(case when finding.carries_refund_fee then item.refund_fee else 0 end) as refund_fee,
    sum(case when finding.carries_returned_fee then item.returned_fee else 0 end) as returned_fee
  from item join finding on finding.finding_no = item.finding_no
  group by finding.discrepancy_id, to_char(item.on_date, 'YYYY-MM'), item.processor, item.currency
)
insert into finding_effect
select * from carried where amount <> 0 or refund_fee <> 0 or returned_fee <> 0
