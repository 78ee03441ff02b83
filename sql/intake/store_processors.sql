-- Stores the configured processors of a business; one that is configured no longer goes, its files and rows stay.
-- Grain: one row per business and processor.
-- $1 business
-- $2 json: [{processor, accounts, settlement_lag_days, coverage_hole_days, date_window_days, amount_tolerance,
--    fee_tolerance, refund_id_pattern}], tolerances in minor units
with params as not materialized (select $1::uuid as business_id, $2::jsonb as settings),
configured as (
  select params.business_id, setting.*
  from params,
       jsonb_to_recordset(params.settings) as setting (
         processor           text,
         accounts            text[],
         settlement_lag_days integer,
         coverage_hole_days  integer,
         date_window_days    integer,
         amount_tolerance    bigint,
         fee_tolerance       bigint,
         refund_id_pattern   text
       )
),
gone as (
  delete from processor_setting stored
  using params
  where stored.business_id = params.business_id
    and not exists (select from configured where configured.processor = stored.processor)
)

insert into processor_setting as stored (
  business_id, processor, accounts, settlement_lag_days, coverage_hole_days, date_window_days,
  amount_tolerance, fee_tolerance, refund_id_pattern
)
select
  business_id, processor, accounts, settlement_lag_days, coverage_hole_days, date_window_days,
  amount_tolerance, fee_tolerance, refund_id_pattern
from configured
order by processor collate "C"
on conflict (business_id, processor) do update
set accounts            = excluded.accounts,
    settlement_lag_days = excluded.settlement_lag_days,
    coverage_hole_days  = excluded.coverage_hole_days,
    date_window_days    = excluded.date_window_days,
    amount_tolerance    = excluded.amount_tolerance,
    fee_tolerance       = excluded.fee_tolerance,
    refund_id_pattern   = excluded.refund_id_pattern
where (stored.accounts, stored.settlement_lag_days, stored.coverage_hole_days, stored.date_window_days,
       stored.amount_tolerance, stored.fee_tolerance, stored.refund_id_pattern)
      is distinct from
      (excluded.accounts, excluded.settlement_lag_days, excluded.coverage_hole_days, excluded.date_window_days,
       excluded.amount_tolerance, excluded.fee_tolerance, excluded.refund_id_pattern)
