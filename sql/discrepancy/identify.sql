-- Gives every finding its id: a hash of its identity, which is the code, the refund of a whole-refund finding, its legs
-- and its rows with processor and account, whatever their order (spec section 5). Of OVER_REFUND: its payment rows and
-- its direction.
-- Grain: one row per finding.
-- $1 business
with part as (
  select finding.finding_no,
    format('leg %s %s %s %s', leg.direction, leg.refund_id, leg.leg_id, leg.ordinal) as name
  from finding
  join finding_item item on item.finding_no = finding.finding_no and item.side = 'leg'
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.item_no
  union all
  select finding.finding_no, format('row %s %s %s', line.processor, line.account, line.transaction_id)
  from finding
  join finding_item item on item.finding_no = finding.finding_no and item.side = 'row'
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.item_no
  where finding.code <> 'OVER_REFUND' or line.type = 'payment'
),
identity as (
  select finding.finding_no,
    concat_ws(E'\n', finding.code, finding.direction, finding.refund_id, string_agg(part.name, E'\n' order by part.name collate "C")) as text
  from finding left join part on part.finding_no = finding.finding_no
  group by finding.finding_no
)
update finding set discrepancy_id = left(encode(sha256(convert_to(identity.text, 'UTF8')), 'hex'), 24)
from identity where identity.finding_no = finding.finding_no
