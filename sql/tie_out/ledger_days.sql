-- What the ledger has of each day that is summed again ($2 to $3, of them all months or those of $5): there are some thousand
-- days, and a month is worked out for each of those, not for a million legs. method: where no processor is named, since it
-- says whether a leg is outside processors.
-- Made by its own statement, and from stored tables alone, since only so do all cores sum.
-- Grain: one row per direction, processor or method named, and day.
create temporary table ledger_day on commit drop as
with params as not materialized (
  select $1::uuid as business_id, $2::date as first_day, $3::date as day_after, $4::boolean as every_month, $5::date[] as months
)
select day.direction, day.processor_named, day.method, day.day, day.legs, day.amount, day.refund_fee, day.returned_fee
from params
cross join lateral (
  select leg.direction, leg.processor_named, case when leg.processor_named is null then leg.method end as method,
    leg.completed_on as day, count(*) as legs,
    sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee, sum(leg.returned_fee) as returned_fee
  from ledger_leg leg
  where leg.business_id = params.business_id and leg.active
    and leg.completed_on >= params.first_day and leg.completed_on < params.day_after
  group by leg.direction, leg.processor_named, 3, leg.completed_on
) as day
where params.every_month or date_trunc('month', day.day)::date = any(params.months)
