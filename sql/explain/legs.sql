-- Legs as they are stored, with where they stand: why one counts nowhere, its match, or why it is open.
-- Grain: one row per leg, in order. $1 business, $2 legs
select leg.leg_no, leg.direction, leg.refund_id, leg.leg_id, leg.external_id, refund.external_id as refund_external_id,
  coalesce(counted.processor, alias.processor, leg.processor_named, 'UNASSIGNED') as processor, leg.method, business.currency,
  leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_at, leg.completed_on as on_date, leg.identity_keys,
  coalesce(refund.reference_keys, '{}') as reference_keys, leg.payment_keys,
  refund.status, pulled.as_of as pulled_at,
  case when not leg.active then case when refund.removed_pull_id is null then 'replaced' else 'removed' end
    when counted.leg_no is null then 'empty'
    when counted.is_outside then 'outside' end as left_out,
  matched.match_no, matched.pass, open.state, open.island_no,
  matched.match_no is null and open.state is null and leg.leg_no > coalesce(run.item_mark, 0) as is_new,
  exists (
    select from touched_item touched
    where touched.business_id = $1::uuid and touched.item_no = leg.leg_no) as is_changed
from ledger_leg leg
join business on business.business_id = $1::uuid
left join reconciliation run on run.business_id = $1::uuid
left join leg counted on counted.business_id = $1::uuid and counted.leg_no = leg.leg_no
left join processor_alias alias on alias.business_id = $1::uuid and alias.alias = leg.processor_named
left join ledger_refund refund
  on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
left join pull pulled on pulled.business_id = $1::uuid and pulled.pull_id = refund.changed_pull_id
left join match_item matched on matched.business_id = $1::uuid and matched.leg_no = leg.leg_no
left join open_item open on open.business_id = $1::uuid and open.item_no = leg.leg_no
where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
order by leg.completed_on, leg.leg_id, leg.refund_id, leg.leg_no
