-- The loose legs, with what the passes and checks ask of them. Without a processor that is named they are UNASSIGNED.
-- Grain: one row per loose leg.
with params as not materialized (select $1::uuid as business_id)
insert into work_leg
select
  leg.leg_no, leg.direction, leg.refund_id, leg.leg_id,
  coalesce(alias.processor, leg.processor_named, 'UNASSIGNED'),
  leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_on,
  case when leg.identity_keys[1] = leg.identity_keys[2] then leg.identity_keys[1:1] else leg.identity_keys end,
  leg.payment_keys
from params
cross join loose_item item
join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
left join processor_alias alias on alias.business_id = leg.business_id and alias.alias = leg.processor_named
