-- The totals of a match: legs less rows.
-- Grain: one row per currency. $1 business, $2 match
select item.currency, min(item.pass) as pass, count(item.leg_no) as legs, count(item.row_no) as rows,
  coalesce(sum(item.amount) filter (where item.leg_no is not null), 0) as ledger_amount,
  coalesce(sum(item.amount) filter (where item.row_no is not null), 0) as processor_amount,
  coalesce(sum(case when item.leg_no is null then -item.amount else item.amount end), 0) as amount,
  coalesce(sum(case when item.leg_no is null then -item.refund_fee else item.refund_fee end), 0) as refund_fee,
  coalesce(sum(case when item.leg_no is null then -item.returned_fee else item.returned_fee end), 0) as returned_fee
from (
  select matched.pass, leg.leg_no, null::bigint as row_no, leg.currency, leg.amount, leg.refund_fee, leg.returned_fee
  from match_item matched
  join leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  where matched.business_id = $1::uuid and matched.match_no = $2::bigint
  union all
  select matched.pass, null, line.row_no, line.currency, line.amount, line.refund_fee, line.returned_fee
  from match_item matched
  join refund_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  where matched.business_id = $1::uuid and matched.match_no = $2::bigint
) item
group by item.currency
order by item.currency
