-- The legs that count: of refunds that the ledger holds, not empty; with the processor they belong to, whether they are
-- outside processors, and the level at which their fees are compared (spec sections 2 and 6).
-- Grain: one row per leg.
select leg.business_id, leg.leg_no, leg.direction, leg.refund_id, leg.leg_id, leg.ordinal, leg.external_id,
  named.processor, leg.method, business.currency, leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_at,
  leg.completed_on as on_date, to_char(leg.completed_on, 'YYYY-MM') as month, leg.identity_keys, leg.payment_keys,
  case when leg.processor_named is null then coalesce(leg.method, '') = any (business.outside_methods)
    else named.processor = any (business.outside_processors) end as is_outside,
  coalesce(fee.refund_fee_tie, 'per_refund') as refund_fee_tie,
  coalesce(fee.returned_fee_tie, 'per_refund') as returned_fee_tie
from ledger_leg leg
join business on business.business_id = leg.business_id
left join processor_alias alias on alias.business_id = leg.business_id and alias.alias = leg.processor_named
cross join lateral (select coalesce(alias.processor, leg.processor_named, 'UNASSIGNED') as processor) named
left join fee_span fee
  on fee.business_id = leg.business_id and fee.processor = named.processor
  and leg.completed_on >= fee.from_month and leg.completed_on < fee.before_month
where leg.active and (leg.amount <> 0 or leg.refund_fee <> 0 or leg.returned_fee <> 0)
