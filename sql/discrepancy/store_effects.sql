-- The effects of what is found that are not stored yet.
-- Grain: one row per discrepancy, month, processor and currency.
with params as not materialized (select $1::uuid as business_id)
insert into discrepancy_effect
  (business_id, discrepancy_id, month, processor, currency, amount, refund_fee, returned_fee)
select params.business_id, effect.discrepancy_id, effect.month, effect.processor, effect.currency,
  effect.amount, effect.refund_fee, effect.returned_fee
from params cross join finding_effect effect
where not exists (
  select from discrepancy_effect stored
  where stored.business_id = params.business_id and stored.discrepancy_id = effect.discrepancy_id
    and stored.month = effect.month and stored.processor = effect.processor and stored.currency = effect.currency)
order by effect.discrepancy_id, effect.month, effect.processor, effect.currency
