-- The effects of what is found that are no longer what they were.
-- Grain: one row per discrepancy, month, processor and currency, deleted.
with params as not materialized (select $1::uuid as business_id)
delete from discrepancy_effect stored
using params
where stored.business_id = params.business_id
  and exists (select from finding where finding.discrepancy_id = stored.discrepancy_id)
  and not exists (
    select from finding_effect effect
    where effect.discrepancy_id = stored.discrepancy_id and effect.month = stored.month
      and effect.processor = stored.processor and effect.currency = stored.currency and effect.amount = stored.amount
      and effect.refund_fee = stored.refund_fee and effect.returned_fee = stored.returned_fee)
