-- Stores a business as the configuration has it; a row that says the same already is left alone.
-- Grain: one row per business.
-- $1 business, $2 name, $3 currency, $4 time zone, $5 ledger lag in days, $6 whether two people must agree
with params as (
  select $1::uuid as business_id, $2::text as name, $3::text as currency, $4::text as time_zone,
         $5::integer as ledger_lag_days, $6::boolean as four_eyes
)

insert into business as stored (business_id, name, currency, time_zone, ledger_lag_days, four_eyes)
select business_id, name, currency, time_zone, ledger_lag_days, four_eyes
from params
on conflict (business_id) do update
set name            = excluded.name,
    currency        = excluded.currency,
    time_zone       = excluded.time_zone,
    ledger_lag_days = excluded.ledger_lag_days,
    four_eyes       = excluded.four_eyes
where (stored.name, stored.currency, stored.time_zone, stored.ledger_lag_days, stored.four_eyes)
      is distinct from
      (excluded.name, excluded.currency, excluded.time_zone, excluded.ledger_lag_days, excluded.four_eyes)
