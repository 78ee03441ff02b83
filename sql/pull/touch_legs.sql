-- Notes the legs that a pull is about to change, with the month they lie in before, for the next reconciliation run: where
-- something changes that matching or a total reads, the reference keys of their refund too. A leg that is new is not noted,
-- nor one that was not active and stays so.
-- Grain: one row per leg and month.
-- $1 business, $2 direction
with params as (select $1::uuid as business_id, $2::text as direction)

insert into touched_item (business_id, item_no, month_before)
select leg.business_id, leg.leg_no, date_trunc('month', leg.completed_on)::date
from params
cross join pull_refund as refund
join ledger_refund as stored
  on stored.business_id = params.business_id and stored.direction = params.direction and stored.refund_id = refund.refund_id
join ledger_leg as leg
  on leg.business_id = params.business_id and leg.direction = params.direction and leg.refund_id = refund.refund_id
left join pull_leg as staged
  on staged.refund_id = leg.refund_id and staged.leg_id = leg.leg_id and staged.ordinal = leg.ordinal
where refund.kind = 'refund'
  and (leg.active <> (staged.leg_id is not null)
       or leg.active
          and (stored.reference_keys, leg.processor_named, leg.method, leg.amount, leg.refund_fee, leg.returned_fee,
               leg.completed_on, leg.identity_keys, leg.payment_keys)
              is distinct from
              (refund.reference_keys, staged.processor_named, staged.method, staged.amount, staged.refund_fee,
               staged.returned_fee, staged.completed_on, staged.identity_keys, staged.payment_keys))
on conflict do nothing
