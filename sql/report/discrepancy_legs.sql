-- The ledger side of some findings. A leg's processor is the one it is tied out under: aliases applied,
-- UNASSIGNED where the ledger names none.
-- Grain: one row per discrepancy and leg, in order.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
with params as (select $1::uuid as business_id, $2::text[] as discrepancy_ids)

select item.discrepancy_id, leg.leg_id, leg.refund_id, leg.external_id,
       refund.external_id as refund_external_id,
       coalesce(processor_alias.processor, leg.processor_named, 'UNASSIGNED') as processor,
       leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_at, leg.completed_on,
       pull.as_of as pulled_at
from params
join discrepancy_leg as item
  on item.business_id = params.business_id and item.discrepancy_id = any (params.discrepancy_ids)
join ledger_leg as leg on leg.business_id = item.business_id and leg.leg_no = item.leg_no
join ledger_refund as refund
  on refund.business_id = leg.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
left join pull on pull.business_id = refund.business_id and pull.pull_id = refund.changed_pull_id
left join processor_alias
  on processor_alias.business_id = leg.business_id and processor_alias.alias = leg.processor_named
order by item.discrepancy_id, leg.completed_on, leg.leg_id, leg.refund_id, leg.ordinal
