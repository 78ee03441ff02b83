-- MISSING_AT_PROCESSOR, or AWAITING_PROCESSOR while data is out: a leg that no row was matched with. It is an error when
-- every date from its own to that + settlement_lag_days is covered by imported files. For a processor without files
-- here: when every configured processor covers its date to that + the largest lag.
-- Grain: one finding per unmatched leg.
with params as not materialized (select $1::uuid as business_id),
setting as (
  select processor_setting.* from params join processor_setting on processor_setting.business_id = params.business_id
),
with_files as (
  select distinct file.processor from params join processor_file file on file.business_id = params.business_id
),
unmatched as (
  select leg.leg_no, leg.direction, leg.processor, leg.on_date,
    with_files.processor is not null as has_files,
    coalesce(
      case when with_files.processor is not null then own.settlement_lag_days end,
      (select max(settlement_lag_days) from setting), 5) as lag
  from work_leg leg
  left join with_files on with_files.processor = leg.processor
  left join setting own on own.processor = leg.processor
  where not exists (select from taken_leg taken where taken.leg_no = leg.leg_no)
    and not exists (select from duplicate_leg duplicate where duplicate.leg_no = leg.leg_no)
    and not exists (select from ambiguous_item item where item.side = 'leg' and item.item_no = leg.leg_no)
),
judged as (
  select unmatched.leg_no, unmatched.direction, unmatched.on_date + unmatched.lag as due_on,
    case when unmatched.has_files then exists (
      select from params join coverage_span span on span.business_id = params.business_id
      where span.processor = unmatched.processor
        and span.covers_from <= unmatched.on_date and span.covers_to >= unmatched.on_date + unmatched.lag)
    else exists (select from setting) and not exists (
      select from setting
      where not exists (
        select from params join coverage_span span on span.business_id = params.business_id
        where span.processor = setting.processor
          and span.covers_from <= unmatched.on_date and span.covers_to >= unmatched.on_date + unmatched.lag))
    end as missing
  from unmatched
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee, due_on)
select
  case when missing then 'MISSING_AT_PROCESSOR' else 'AWAITING_PROCESSOR' end, direction, array[leg_no], '{}', true, true, true,
  case when not missing then due_on end
from judged
order by leg_no
