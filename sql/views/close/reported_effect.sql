-- What findings contribute to the tie-out as reports show it: to closed months as it was signed, to the others as it stands;
-- nothing before the business's start.
-- Grain: one row per finding, month, processor and currency.
select found.business_id, found.discrepancy_id, found.code, found.status, found.direction, effect.month, effect.processor,
  effect.currency, effect.amount, effect.refund_fee, effect.returned_fee
from discrepancy found
join business on business.business_id = found.business_id
join discrepancy_effect effect on effect.business_id = found.business_id and effect.discrepancy_id = found.discrepancy_id
where found.status <> 'cleared' and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))
  and not exists (
    select from month_close closed
    where closed.business_id = found.business_id and closed.month = effect.month and closed.state = 'closed')
union all
select closed.business_id, signed.id, signed.code, signed.status, signed.direction, effect.month, effect.processor, effect.currency,
  effect.amount, effect.refund_fee, effect.returned_fee
from closed_month closed
cross join lateral json_to_recordset(closed.findings) as signed (id text, code text, status text, direction text, effects json)
cross join lateral json_to_recordset(signed.effects) as effect (
  month text, processor text, currency text, amount numeric, refund_fee numeric, returned_fee numeric)
where effect.month = closed.month
