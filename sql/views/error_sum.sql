-- What the errors of a month contribute to ledger minus processor, in words and by currency, the business's own first: refunds
-- net ('107.26 USD and -18.20 CAD'), those of vendors apart, since they are money that comes in; fees as the sum of their absolute values.
-- Grain: one row per month with an effect of an error that is open or acknowledged.
select summed.business_id, summed.month,
  string_agg(to_char(summed.net / unit.one, unit.pattern) || ' ' || summed.currency, ' and '
    order by summed.is_foreign, summed.currency collate "C")
    filter (where summed.has_net and summed.direction = 'customer') as net,
  string_agg(to_char(summed.net / unit.one, unit.pattern) || ' ' || summed.currency, ' and '
    order by summed.is_foreign, summed.currency collate "C")
    filter (where summed.has_net and summed.direction = 'vendor') as vendor_net,
  string_agg(to_char(summed.all_fees / unit.one, unit.pattern) || ' ' || summed.currency, ' and '
    order by summed.is_foreign, summed.currency collate "C")
    filter (where summed.all_fees <> 0 and summed.is_first) as fees
from (
  select effect.business_id, effect.month, effect.currency, stored.direction, effect.currency <> business.currency as is_foreign,
    sum(effect.amount) as net, bool_or(effect.amount <> 0) as has_net,
    sum(sum(abs(effect.refund_fee) + abs(effect.returned_fee))) over of_currency as all_fees,
    row_number() over (of_currency order by stored.direction) = 1 as is_first
  from discrepancy stored
  join check_code known on known.code = stored.code and known.class = 'error'
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  join business on business.business_id = stored.business_id
  where stored.status in ('open', 'acknowledged')
  group by effect.business_id, effect.month, effect.currency, stored.direction, business.currency
  window of_currency as (partition by effect.business_id, effect.month, effect.currency)
) summed
left join minor_unit minor on minor.currency = summed.currency
cross join lateral (
  select 10::numeric ^ coalesce(minor.digits, 2) as one, coalesce(minor.pattern, 'FM999,999,999,999,999,990.00') as pattern
) unit
group by summed.business_id, summed.month
