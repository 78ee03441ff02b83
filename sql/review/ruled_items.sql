-- Legs and rows that a person rules about: what they are, whether they may be matched at all, the match they are in, and a
-- standing ruling that makes them one match with others.
-- Grain: one row per leg or row, legs first, in order. $1 business, $2 legs, $3 rows
select item.*, matched.match_no, matched.pass, ruled.ruling_id, ruled.by_name
from (
  select 1 as side, leg.leg_no as item_no, leg.leg_no, null::bigint as row_no, leg.leg_id as name, leg.direction,
    coalesce(counted.processor, leg.processor_named, 'UNASSIGNED') as processor, leg.completed_on as on_date,
    case when not leg.active then 'is no longer in the ledger' when counted.leg_no is null then 'has no amount and no fee'
      when counted.is_outside then 'went through no processor' end as left_out
  from ledger_leg leg
  left join leg counted on counted.business_id = $1::uuid and counted.leg_no = leg.leg_no
  where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
  union all
  select 2, line.row_no, null, line.row_no, line.transaction_id, line.direction, line.processor, line.occurred_on,
    case when not line.active then 'is of a file that was withdrawn'
      when line.type not in ('refund', 'vendor_refund', 'refund_reversal') then 'is no refund but of type ' || line.type
      when counted.row_no is null then 'has no amount and no fee' end
  from processor_row line
  left join refund_row counted on counted.business_id = $1::uuid and counted.row_no = line.row_no
  where line.business_id = $1::uuid and line.row_no = any ($3::bigint[])
) item
left join match_item matched
  on matched.business_id = $1::uuid and (matched.leg_no = item.leg_no or matched.row_no = item.row_no)
left join lateral (
  select ruling.ruling_id, ruling.by_name from ruling
  where ruling.business_id = $1::uuid and ruling.kind = 'match' and ruling.forgotten_at is null
    and (item.leg_no = any (ruling.leg_nos) or item.row_no = any (ruling.row_nos))
  order by ruling.made_no
  limit 1
) ruled on true
order by item.side, item.on_date, item.name, item.item_no
