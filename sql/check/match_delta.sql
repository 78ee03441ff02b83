-- What every match leaves between its legs and its rows, where that is not 0 (spec section 6).
-- Grain: one row per match, month, processor and currency with a difference. Volume: reads all matches, writes few.
with params as not materialized (select $1::uuid as business_id),
item as (
  select taken.match_no, date_trunc('month', leg.on_date)::date as month, leg.processor, business.currency,
    leg.amount, leg.refund_fee, leg.returned_fee
  from params
  join business on business.business_id = params.business_id
  cross join taken_leg taken
  join work_leg leg on leg.leg_no = taken.leg_no
  union all
  select taken.match_no, date_trunc('month', line.on_date)::date, line.processor, line.currency,
    -line.amount, -line.refund_fee, -line.returned_fee
  from taken_row taken join work_row line on line.row_no = taken.row_no
  union all
  select taken.match_no, date_trunc('month', reversal.on_date)::date, reversal.processor, reversal.currency,
    -reversal.amount, -reversal.refund_fee, -reversal.returned_fee
  from taken_row taken join work_reversal reversal on reversal.row_no = taken.row_no
)
insert into match_delta
select match_no, to_char(month, 'YYYY-MM'), processor, currency, sum(amount), sum(refund_fee), sum(returned_fee)
from item
group by match_no, month, processor, currency
having sum(amount) <> 0 or sum(refund_fee) <> 0 or sum(returned_fee) <> 0
