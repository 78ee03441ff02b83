-- The refunds of one side of a tie-out line, matched ones too, a page at a time: what its figure is made of.
-- Grain: one row per leg or row, by date and number. $1 business, $2 direction, $3 processor, $4 month, $5 'ledger' or 'processor',
-- $6 and $7 date and number of the last one of the page before, or null, $8 how many
with params as not materialized (
  select $1::uuid as business_id, $2::text as direction, $3::text as processor, ($4::text || '-01')::date as from_day,
    (($4::text || '-01')::date + interval '1 month')::date as before_day, $5::text as side, $6::date as after_on, $7::bigint as after_no
),

listed as (
  (select leg.leg_no as item_no, leg.leg_id as id, leg.refund_id, leg.currency, leg.amount, leg.refund_fee, leg.returned_fee,
    leg.on_date, leg.refund_id || '/' || leg.leg_id as handle
  from params
  join leg on leg.business_id = params.business_id and leg.on_date >= params.from_day and leg.on_date < params.before_day
    and leg.direction = params.direction and leg.processor = params.processor
  where params.side = 'ledger' and not leg.is_outside
    and (params.after_no is null or (leg.on_date, leg.leg_no) > (params.after_on, params.after_no))
  order by leg.on_date, leg.leg_no
  limit $8::bigint)
  union all
  (select line.row_no, line.transaction_id, line.refund_id, line.currency, line.amount, line.refund_fee, line.returned_fee,
    line.on_date, line.processor || '/' || case when line.account = '' then '' else line.account || '/' end || line.transaction_id
  from params
  join refund_row line on line.business_id = params.business_id and line.on_date >= params.from_day and line.on_date < params.before_day
    and line.direction = params.direction and line.processor = params.processor
  where params.side = 'processor'
    and (params.after_no is null or (line.on_date, line.row_no) > (params.after_on, params.after_no))
  order by line.on_date, line.row_no
  limit $8::bigint)
)

-- a leg and a row never bear one number
select listed.item_no, listed.id, listed.refund_id, listed.currency, listed.amount, listed.refund_fee, listed.returned_fee,
  listed.on_date, listed.handle,
  coalesce(
    (select matched.pass from match_item matched
     where matched.business_id = $1::uuid and matched.leg_no = listed.item_no),
    (select matched.pass from match_item matched
     where matched.business_id = $1::uuid and matched.row_no = listed.item_no)) as pass,
  open.state
from listed
left join open_item open on open.business_id = $1::uuid and open.item_no = listed.item_no
order by listed.on_date, listed.item_no
