-- Both sides' fee totals of the months that some findings are about.
-- Grain: one row per discrepancy and measure; tied: the level at which the month's fees are compared.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
with params as (select $1::uuid as business_id, $2::text[] as discrepancy_ids)

select found.discrepancy_id, line.measure, line.tied, line.ledger, line.processor_total
from params
join discrepancy as found
  on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
join tie_out_line as line
  on line.business_id = params.business_id and line.direction = found.direction and line.processor = found.processor
     and line.currency = found.currency and line.month = found.month
     and line.measure <> 'amount' and (found.measure is null or line.measure = found.measure)
order by found.discrepancy_id, line.measure
