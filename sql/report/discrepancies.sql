-- The findings to report: all that stand, cleared ones left out; with months given, those that touch them by an effect, by
-- the date of a leg, a row or their refund's payments, or by their own date. One without any date is about no month, and
-- is always there. A standing finding was last seen by the last run.
-- Grain: one row per discrepancy, ordered by code as given, then oldest first; of_code: how many of its code there are.
-- $1 business, $2 first month or null, $3 last month or null, $4 codes in the order wanted, $5 statuses
-- 200,000 of them are expected at worst: read through a cursor.
with params as not materialized (
  select $1::uuid as business_id, $2::text as from_month, $3::text as to_month,
         $4::text[] as codes, $5::text[] as statuses
),

-- first day of the first month, first day after the last one
period as (
  select params.*,
         (params.from_month || '-01')::date as from_day,
         ((params.to_month || '-01')::date + interval '1 month')::date as before_day
  from params
),

standing as (
  select discrepancy.*, reconciliation.as_of as reconciled_as_of,
         array_position(period.codes, discrepancy.code::text) as code_place
  from period
  join discrepancy using (business_id)
  left join reconciliation on reconciliation.business_id = period.business_id
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
        select from ledger_leg as leg
        where leg.business_id = period.business_id
          and leg.leg_no = any (discrepancy.leg_nos)
          and (period.from_day is null or leg.completed_on >= period.from_day)
          and (period.before_day is null or leg.completed_on < period.before_day)
      )
      or exists (
        select from processor_row as line
        where line.business_id = period.business_id
          and line.row_no = any (discrepancy.row_nos)
          and (period.from_day is null or line.occurred_on >= period.from_day)
          and (period.before_day is null or line.occurred_on < period.before_day)
      )
      or exists (
        select from ledger_leg as leg
        where leg.business_id = period.business_id
          and leg.direction = discrepancy.direction
          and leg.refund_id = discrepancy.refund_id
          and (period.from_day is null or leg.completed_on >= period.from_day)
          and (period.before_day is null or leg.completed_on < period.before_day)
      )
      or discrepancy.dated_on is null
      or (
        (period.from_day is null or discrepancy.dated_on >= period.from_day)
        and (period.before_day is null or discrepancy.dated_on < period.before_day)
      )
    )
)

select business_id, discrepancy_id, code, direction, processor, currency, refund_id, month, measure, status,
       dated_on, due_on, first_seen_at,
       case when status = 'cleared' then last_seen_at else coalesce(reconciled_as_of, last_seen_at) end as last_seen_at,
       late, differs, count(*) over (partition by code) as of_code
from standing
order by code_place, dated_on nulls last, discrepancy_id
