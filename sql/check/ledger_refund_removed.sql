-- LEDGER_REFUND_REMOVED: a refund seen before is gone from a complete pull, and no refund with its external id, amount and
-- date is there; the id may stand at the refund or at a payment.
-- Grain: one finding per refund, without effect.
select refund.business_id, 'LEDGER_REFUND_REMOVED' as code, refund.direction, refund.refund_id, '{}'::bigint[] as leg_nos,
  '{}'::bigint[] as row_nos, false as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from ledger_refund refund
join business on business.business_id = refund.business_id
cross join lateral (
  select coalesce(max(leg.completed_on), refund.completed_on) as on_date, array_agg(key) || refund.external_id as external_ids
  from ledger_leg leg
  left join lateral unnest(leg.identity_keys) as key on true
  where leg.business_id = refund.business_id and leg.direction = refund.direction and leg.refund_id = refund.refund_id
) gone
where refund.removed_pull_id is not null
  and (business.starts_on is null or coalesce(gone.on_date, business.starts_on) >= business.starts_on)
  and not exists (
    select from ledger_refund other
    where other.business_id = refund.business_id and other.direction = refund.direction and other.removed_pull_id is null
      and other.external_id = any (gone.external_ids) and other.refunded_amount = refund.refunded_amount
      and coalesce((
        select max(leg.completed_on) from ledger_leg leg
        where leg.business_id = other.business_id and leg.direction = other.direction and leg.refund_id = other.refund_id
          and leg.active), other.completed_on) is not distinct from gone.on_date)
  and not exists (
    select from ledger_leg leg
    join ledger_refund other
      on other.business_id = leg.business_id and other.direction = leg.direction and other.refund_id = leg.refund_id
    where leg.business_id = refund.business_id and leg.direction = refund.direction and leg.active
      and cardinality(leg.identity_keys) > 0 and leg.identity_keys[1] = any (gone.external_ids)
      and leg.completed_on = gone.on_date and other.refunded_amount = refund.refunded_amount)
