-- The findings that a close of a month signs: those open or acknowledged with effects up to the month, and all that count in it;
-- with their sides, effects and what persons decided of them.
-- Grain: one row per finding. $1 business, $2 month
with params as not materialized (select $1::uuid as business_id, $2::text as month),

meant as (
  select found.*
  from params
  join discrepancy found on found.business_id = params.business_id and found.status <> 'cleared'
  where exists (
      select from finding_month counted
      where counted.business_id = params.business_id and counted.discrepancy_id = found.discrepancy_id and counted.month = params.month)
    or found.status in ('open', 'acknowledged') and exists (
      select from discrepancy_effect effect
      where effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id and effect.month <= params.month)
)

select found.discrepancy_id as id, found.code, found.status, found.late, found.direction, found.processor, found.currency, found.refund_id,
  found.dated_on, found.due_on,
  array(
    select leg.leg_id from unnest(found.leg_nos) with ordinality as listed (leg_no, place)
    join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = listed.leg_no order by listed.place) as legs,
  array(
    select line.transaction_id from unnest(found.row_nos) with ordinality as listed (row_no, place)
    join processor_row line on line.business_id = params.business_id and line.row_no = listed.row_no order by listed.place) as rows,
  (
    select coalesce(json_agg(json_build_object('month', effect.month, 'processor', effect.processor, 'currency', effect.currency,
        'amount', effect.amount::text, 'refund_fee', effect.refund_fee::text, 'returned_fee', effect.returned_fee::text)
      order by effect.month, effect.processor, effect.currency), '[]')
    from discrepancy_effect effect
    where effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id
      and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))) as effects,
  decided.as, decided.actor as by, decided.at, decided.note
from params
join business on business.business_id = params.business_id
cross join meant found
left join lateral (
  select event.details::json ->> 'as' as "as", event.actor, event.at, event.note
  from event
  where event.business_id = params.business_id and event.subject = found.discrepancy_id and event.kind in ('resolved', 'acknowledged')
    and found.status in ('resolved', 'acknowledged')
  order by event.event_number desc
  limit 1
) decided on true
order by found.code, found.dated_on nulls last, found.discrepancy_id
