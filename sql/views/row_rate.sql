-- The rate that converts a row in another currency to the business's: of the row's date or the latest of the seven days
-- before, of one date the direct one; and the row's amount so converted, rounded half away from zero.
-- Grain: one row per row in another currency that has a rate.
select line.business_id, line.row_no, quote.dated_on, quote.from_currency, quote.to_currency, quote.rate,
  round(line.amount * quote.minor_rate) as amount
from processor_row line
join business on business.business_id = line.business_id and business.currency <> line.currency
cross join lateral (
  select quoted.dated_on, quoted.from_currency, quoted.to_currency, quoted.rate, quoted.minor_rate
  from (
    select direct.dated_on, 1 as rank, direct.from_currency, direct.to_currency, direct.rate, direct.minor_rate
    from exchange_rate direct
    where direct.business_id = line.business_id and direct.from_currency = line.currency
      and direct.to_currency = business.currency and direct.dated_on between line.occurred_on - 7 and line.occurred_on
    union all
    select inverse.dated_on, 2, inverse.from_currency, inverse.to_currency, inverse.rate, 1 / inverse.minor_rate
    from exchange_rate inverse
    where inverse.business_id = line.business_id and inverse.from_currency = business.currency
      and inverse.to_currency = line.currency and inverse.dated_on between line.occurred_on - 7 and line.occurred_on
  ) quoted
  order by quoted.dated_on desc, quoted.rank
  limit 1
) quote
