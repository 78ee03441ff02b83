-- Stores the configured processors of a business with their accounts, aliases and fee policies. What is configured no
-- longer goes; its files and rows stay.
-- Grain: one row per business and processor, account, alias, and month from which a fee policy is in force.
-- $1 business
-- $2 json: {processors, accounts, aliases, fee_policies}, each a list of objects by the names of the columns
with params as not materialized (select $1::uuid as business_id, $2::jsonb as settings),

configured_processor as (
  select params.business_id, setting.*
  from params
  cross join jsonb_to_recordset(params.settings -> 'processors') as setting (
    processor text, settlement_lag_days integer, date_window_days integer, usual_lag_days integer, match_payouts boolean,
    amount_tolerance bigint, fee_tolerance bigint, refund_id_pattern text, payment_id_pattern text
  )
),
configured_account as (
  select params.business_id, setting.*
  from params
  cross join jsonb_to_recordset(params.settings -> 'accounts') as setting (
    processor text, account text, first_day date, last_day date, files_cover text, coverage_hole_days integer, lines text
  )
),
configured_alias as (
  select params.business_id, setting.*
  from params
  cross join jsonb_to_recordset(params.settings -> 'aliases') as setting (alias text, processor text)
),
configured_policy as (
  select params.business_id, setting.*
  from params
  cross join jsonb_to_recordset(params.settings -> 'fee_policies') as setting (
    processor text, from_month date, tie text, categories text[]
  )
),

gone_processor as (
  delete from processor_setting stored
  using params
  where stored.business_id = params.business_id
    and not exists (select from configured_processor configured where configured.processor = stored.processor)
),
gone_account as (
  delete from processor_account stored
  using params
  where stored.business_id = params.business_id
    and not exists (
      select from configured_account configured
      where configured.processor = stored.processor and configured.account = stored.account)
),
gone_alias as (
  delete from processor_alias stored
  using params
  where stored.business_id = params.business_id
    and not exists (select from configured_alias configured where configured.alias = stored.alias)
),
gone_policy as (
  delete from fee_policy stored
  using params
  where stored.business_id = params.business_id
    and not exists (
      select from configured_policy configured
      where configured.processor = stored.processor and configured.from_month = stored.from_month)
),

stored_account as (
  insert into processor_account (
    business_id, processor, account, first_day, last_day, files_cover, coverage_hole_days, lines)
  select business_id, processor, account, first_day, last_day, files_cover, coverage_hole_days, lines
  from configured_account
  on conflict (business_id, processor, account) do update
  set first_day          = excluded.first_day,
      last_day           = excluded.last_day,
      files_cover        = excluded.files_cover,
      coverage_hole_days = excluded.coverage_hole_days,
      lines              = excluded.lines
),
stored_alias as (
  insert into processor_alias (business_id, alias, processor)
  select business_id, alias, processor
  from configured_alias
  on conflict (business_id, alias) do update set processor = excluded.processor
),
stored_policy as (
  insert into fee_policy (business_id, processor, from_month, tie, categories)
  select business_id, processor, from_month, tie, categories
  from configured_policy
  on conflict (business_id, processor, from_month) do update
  set tie        = excluded.tie,
      categories = excluded.categories
)

insert into processor_setting (
  business_id, processor, settlement_lag_days, date_window_days, usual_lag_days, match_payouts, amount_tolerance,
  fee_tolerance, refund_id_pattern, payment_id_pattern
)
select business_id, processor, settlement_lag_days, date_window_days, usual_lag_days, match_payouts, amount_tolerance,
  fee_tolerance, refund_id_pattern, payment_id_pattern
from configured_processor
on conflict (business_id, processor) do update
set settlement_lag_days = excluded.settlement_lag_days,
    date_window_days    = excluded.date_window_days,
    usual_lag_days      = excluded.usual_lag_days,
    match_payouts       = excluded.match_payouts,
    amount_tolerance    = excluded.amount_tolerance,
    fee_tolerance       = excluded.fee_tolerance,
    refund_id_pattern   = excluded.refund_id_pattern,
    payment_id_pattern  = excluded.payment_id_pattern
