-- Brings the legs that the ledger has of the refunds that a pull brought up to date; one that its refund no longer has
-- stays, not active.
-- Grain: one row per leg changed; one that is the same is not written.
-- $1 business, $2 direction
with params as (select $1::uuid as business_id, $2::text as direction),

wanted as (
  select leg.business_id, leg.leg_no, staged.leg_id is not null as active,
         staged.external_id, staged.processor_named, staged.method, staged.amount, staged.refund_fee,
         staged.returned_fee, staged.completed_at, staged.completed_on, staged.identity_keys,
         staged.payment_keys
  from params
  cross join pull_refund as refund
  join ledger_leg as leg
    on leg.business_id = params.business_id and leg.direction = params.direction and leg.refund_id = refund.refund_id
  left join pull_leg as staged
    on staged.refund_id = leg.refund_id and staged.leg_id = leg.leg_id
       and staged.ordinal = leg.ordinal
  where refund.kind = 'refund'
)

update ledger_leg leg
set external_id     = case when wanted.active then wanted.external_id else leg.external_id end,
    processor_named = case when wanted.active then wanted.processor_named else leg.processor_named end,
    method          = case when wanted.active then wanted.method else leg.method end,
    amount          = case when wanted.active then wanted.amount else leg.amount end,
    refund_fee      = case when wanted.active then wanted.refund_fee else leg.refund_fee end,
    returned_fee    = case when wanted.active then wanted.returned_fee else leg.returned_fee end,
    completed_at    = case when wanted.active then wanted.completed_at else leg.completed_at end,
    completed_on    = case when wanted.active then wanted.completed_on else leg.completed_on end,
    identity_keys   = case when wanted.active then wanted.identity_keys else leg.identity_keys end,
    payment_keys    = case when wanted.active then wanted.payment_keys else leg.payment_keys end,
    active          = wanted.active
from wanted
where leg.business_id = wanted.business_id
  and leg.leg_no = wanted.leg_no
  and (leg.active <> wanted.active
       or wanted.active
          and (leg.external_id, leg.processor_named, leg.method, leg.amount, leg.refund_fee, leg.returned_fee,
               leg.completed_at, leg.completed_on, leg.identity_keys, leg.payment_keys)
              is distinct from
              (wanted.external_id, wanted.processor_named, wanted.method, wanted.amount, wanted.refund_fee,
               wanted.returned_fee, wanted.completed_at, wanted.completed_on, wanted.identity_keys, wanted.payment_keys))
