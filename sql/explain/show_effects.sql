-- A finding and its effects: what it contributes to ledger less processor.
-- Grain: one row per effect; one without figures where the finding has none. $1 business, $2 finding
select found.code, found.status, found.first_seen_at, effect.month, effect.processor, effect.currency, effect.amount,
  effect.refund_fee, effect.returned_fee
from discrepancy found
left join discrepancy_effect effect
  on effect.business_id = found.business_id and effect.discrepancy_id = found.discrepancy_id
where found.business_id = $1::uuid and found.discrepancy_id = $2::text
order by effect.month, effect.processor, effect.currency
