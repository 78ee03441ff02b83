-- Stores the exchange rates of a business's rates file; one that the file has no longer goes, one that is the same is not
-- written.
-- Grain: one row per business, date and pair of currencies.
-- $1 business, $2 dates, $3 from, $4 to, $5 rates, $6 rates in minor units
with params as not materialized (select $1::uuid as business_id),

configured as not materialized (
  select params.business_id, listed.*
  from params
  cross join unnest($2::date[], $3::text[], $4::text[], $5::numeric[], $6::numeric[])
    as listed (dated_on, from_currency, to_currency, rate, minor_rate)
),
gone as (
  delete from exchange_rate stored
  using params
  where stored.business_id = params.business_id
    and not exists (
      select from configured
      where configured.dated_on = stored.dated_on and configured.from_currency = stored.from_currency
        and configured.to_currency = stored.to_currency)
)

insert into exchange_rate as stored (business_id, dated_on, from_currency, to_currency, rate, minor_rate)
select business_id, dated_on, from_currency, to_currency, rate, minor_rate
from configured
on conflict (business_id, dated_on, from_currency, to_currency) do update
set rate       = excluded.rate,
    minor_rate = excluded.minor_rate
where (stored.rate, stored.minor_rate) is distinct from (excluded.rate, excluded.minor_rate)
