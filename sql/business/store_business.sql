-- Stores a business as the configuration has it.
-- Grain: one row per business.
-- $1 business, $2 json: its settings by the names of the columns, amounts in minor units; $3 the hash of all settings
with params as (select $1::uuid as business_id, $2::jsonb as settings, $3::text as settings_hash)

insert into business as stored (
  business_id, name, currency, time_zone, ledger_lag_days, four_eyes, starts_on, ledger_dates, outside_methods,
  outside_processors, rate_tolerance_bp, materiality_item, materiality_month, waive_limit, waive_limit_month, settings_hash
)
select params.business_id, setting.name, setting.currency, setting.time_zone, setting.ledger_lag_days, setting.four_eyes,
  setting.starts_on, setting.ledger_dates, setting.outside_methods, setting.outside_processors, setting.rate_tolerance_bp,
  setting.materiality_item, setting.materiality_month, setting.waive_limit, setting.waive_limit_month, params.settings_hash
from params
cross join jsonb_to_record(params.settings) as setting (
  name text, currency text, time_zone text, ledger_lag_days integer, four_eyes boolean, starts_on date, ledger_dates text,
  outside_methods text[], outside_processors text[], rate_tolerance_bp integer, materiality_item bigint,
  materiality_month bigint, waive_limit bigint, waive_limit_month bigint
)
on conflict (business_id) do update
set name               = excluded.name,
    currency           = excluded.currency,
    time_zone          = excluded.time_zone,
    ledger_lag_days    = excluded.ledger_lag_days,
    four_eyes          = excluded.four_eyes,
    starts_on          = excluded.starts_on,
    ledger_dates       = excluded.ledger_dates,
    outside_methods    = excluded.outside_methods,
    outside_processors = excluded.outside_processors,
    rate_tolerance_bp  = excluded.rate_tolerance_bp,
    materiality_item   = excluded.materiality_item,
    materiality_month  = excluded.materiality_month,
    waive_limit        = excluded.waive_limit,
    waive_limit_month  = excluded.waive_limit_month,
    settings_hash      = excluded.settings_hash
