-- The legs that take part: active ones, of a processor or of none that is named (UNASSIGNED).
-- Legs outside processors (CASH, CHECK, CREDIT_BALANCE without a processor) do not (spec section 2).
-- Grain: one row per leg that is not settled.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
subject as (
  -- what is new, and what is looked at again
  select leg.* from params join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  union all
  select leg.* from params join work_item item on item.item_no <= params.item_mark
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
)
insert into work_leg
select
  leg.leg_no, leg.direction, leg.refund_id, leg.leg_id,
  coalesce(alias.processor, leg.processor_named, 'UNASSIGNED'),
  leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_on,
  case when leg.identity_keys[1] = leg.identity_keys[2] then leg.identity_keys[1:1] else leg.identity_keys end
from params
cross join subject leg
left join processor_alias alias on alias.business_id = leg.business_id and alias.alias = leg.processor_named
where leg.active
  and (leg.processor_named is not null or coalesce(leg.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE'))
  and not exists (select from settled_pair pair where pair.leg_no = leg.leg_no)
