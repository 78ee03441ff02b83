-- What findings that stand as waived come to in some months: the sizes of all measures of their effects.
-- Grain: one row per month and currency. $1 business, $2 months
with params as not materialized (select $1::uuid as business_id, $2::text[] as months)

select effect.month, effect.currency,
  sum(abs(effect.amount) + abs(effect.refund_fee) + abs(effect.returned_fee)) as gross
from params
join discrepancy_effect effect on effect.business_id = params.business_id and effect.month = any (params.months)
join discrepancy found
  on found.business_id = params.business_id and found.discrepancy_id = effect.discrepancy_id and found.status = 'resolved'
cross join lateral (
  select event.details::json ->> 'as' as resolved_as
  from event
  where event.business_id = params.business_id and event.subject = found.discrepancy_id and event.kind = 'resolved'
  order by event.event_number desc
  limit 1
) decided
where decided.resolved_as = 'waived'
group by effect.month, effect.currency
