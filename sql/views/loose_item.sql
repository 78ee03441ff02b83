-- The legs and rows that the next run looks at first: new since the last one, changed since, or open. It may be in a match;
-- it may also have left, which the views leg and refund_row say.
-- Grain: one row per item, or two where a new one is touched.
select run.business_id, leg.leg_no as item_no, 'leg' as side, true as is_new, false as is_touched
from reconciliation run
join ledger_leg leg on leg.business_id = run.business_id and leg.leg_no > run.item_mark
union all
select run.business_id, line.row_no, 'row', true, false
from reconciliation run
join processor_row line on line.business_id = run.business_id and line.row_no > run.item_mark
  and line.type in ('refund', 'vendor_refund', 'refund_reversal')
union all
select open.business_id, open.item_no, open.side, false, false
from open_item open
union all
select touched.business_id, touched.item_no, case when leg.leg_no is null then 'row' else 'leg' end, false, true
from touched_item touched
left join ledger_leg leg on leg.business_id = touched.business_id and leg.leg_no = touched.item_no
