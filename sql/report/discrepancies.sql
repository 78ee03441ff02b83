-- The findings to report: all that stand, cleared ones left out; with months given, those that touch them by an
-- effect or by the date of an item. One without any date is about no month, and is always there.
-- Grain: one row per discrepancy, ordered by code as given, then oldest first; of_code: how many of its code there are.
-- $1 business, $2 first month or null, $3 last month or null, $4 codes in the order wanted, $5 statuses,
-- $6 how many of each code at most, or null for all
-- 200,000 of them are expected at worst: read through a cursor.
with params as not materialized (
  select $1::uuid as business_id, $2::text as from_month, $3::text as to_month,
         $4::text[] as codes, $5::text[] as statuses, $6::bigint as most
),

-- first day of the first month, first day after the last one
period as (
  select params.*,
         (params.from_month || '-01')::date as from_day,
         ((params.to_month || '-01')::date + interval '1 month')::date as before_day
  from params
),

standing as (
  select discrepancy.*, array_position(period.codes, discrepancy.code::text) as code_place, period.most
  from period
  join discrepancy using (business_id)
  where discrepancy.status = any (period.statuses)
    and discrepancy.code = any (period.codes)
    and (
      (period.from_month is null and period.to_month is null)
      or exists (
        select from discrepancy_effect as effect
        where effect.business_id = period.business_id
          and effect.discrepancy_id = discrepancy.discrepancy_id
          and (period.from_month is null or effect.month >= period.from_month)
          and (period.to_month is null or effect.month <= period.to_month)
      )
      or exists (
        select from discrepancy_leg as item
        join ledger_leg as leg using (business_id, leg_no)
        where item.business_id = period.business_id
          and item.discrepancy_id = discrepancy.discrepancy_id
          and (period.from_day is null or leg.completed_on >= period.from_day)
          and (period.before_day is null or leg.completed_on < period.before_day)
      )
      or exists (
        select from discrepancy_row as item
        join processor_row as line using (business_id, row_no)
        where item.business_id = period.business_id
          and item.discrepancy_id = discrepancy.discrepancy_id
          and (period.from_day is null or line.occurred_on >= period.from_day)
          and (period.before_day is null or line.occurred_on < period.before_day)
      )
      or discrepancy.dated_on is null
      or (
        (period.from_day is null or discrepancy.dated_on >= period.from_day)
        and (period.before_day is null or discrepancy.dated_on < period.before_day)
      )
    )
),

numbered as (
  select standing.*,
         row_number() over (partition by code order by dated_on nulls last, discrepancy_id) as place,
         count(*) over (partition by code) as of_code
  from standing
)

select business_id, discrepancy_id, code, direction, processor, currency, refund_id, status,
       dated_on, due_on, first_seen_at, last_seen_at, late, of_code
from numbered
where most is null or place <= most
order by code_place, dated_on nulls last, discrepancy_id
