-- Where the identity key of a leg with one key is the refund_id of a row of its own processor, and whether the two agree
-- in everything that a check compares: amount, fees, month, currency, and the payment they are booked against.
-- Grain: one row per leg and row. Volume: about one per leg that is looked at.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
subject as (
  -- what is new, and what is looked at again
  select leg.* from params join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  union all
  select leg.* from params join work_item item on item.item_no <= params.item_mark
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
),
leg as (
  select leg.leg_no, leg.direction, coalesce(alias.processor, leg.processor_named) as processor, leg.identity_keys[1] as key,
    leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_on, refund.payment_keys, business.currency
  from params
  join business on business.business_id = params.business_id
  cross join subject leg
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  left join processor_alias alias on alias.business_id = params.business_id and alias.alias = leg.processor_named
  where leg.active and leg.processor_named is not null
    and (cardinality(leg.identity_keys) = 1 or cardinality(leg.identity_keys) = 2 and leg.identity_keys[1] = leg.identity_keys[2])
)
insert into agreeing_pair
select leg.leg_no, line.row_no,
  leg.amount = line.amount and leg.refund_fee = line.refund_fee and leg.returned_fee = line.returned_fee
    and date_trunc('month', leg.completed_on) = date_trunc('month', line.occurred_on) and leg.currency = line.currency
    and (leg.payment_keys = '{}' or leg.payment_keys && (line.payment_ids || line.reference_ids)) as agrees
from params cross join leg
join processor_row line
  on line.business_id = params.business_id and line.processor = leg.processor and line.refund_id = leg.key
  and line.type = case leg.direction when 'vendor' then 'vendor_refund' else 'refund' end
