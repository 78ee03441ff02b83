-- Dates every refund and leg that has an instant anew, after the business's time zone or its ledger_dates changed, and
-- notes the legs for the next run, with the month they lay in before. Under ledger_dates 'date' an instant of exactly
-- midnight UTC is that date. A record with a date alone keeps it.
-- Grain: one row: how many records have another date now.
-- $1 business, $2 time zone, $3 ledger_dates
with params as not materialized (select $1::uuid as business_id, $2::text as time_zone, $3::text as ledger_dates),

moment as (
  select params.business_id, stored.completed_at,
    case when params.ledger_dates = 'date' and date_trunc('day', wall.utc) = wall.utc then wall.utc
      else stored.completed_at at time zone params.time_zone end::date as completed_on
  from params
  cross join lateral (
    select refund.completed_at from ledger_refund refund where refund.business_id = params.business_id
    union
    select leg.completed_at from ledger_leg leg where leg.business_id = params.business_id
  ) stored
  cross join lateral (select stored.completed_at at time zone 'UTC' as utc) wall
  where stored.completed_at is not null
),
refund as (
  update ledger_refund stored
  set completed_on = moment.completed_on
  from moment
  where stored.business_id = moment.business_id and stored.completed_at = moment.completed_at
    and stored.completed_on is distinct from moment.completed_on
  returning stored.refund_id
),
leg as (
  update ledger_leg stored
  set completed_on = moment.completed_on
  from moment
  join ledger_leg before on before.business_id = moment.business_id and before.completed_at = moment.completed_at
  where stored.business_id = moment.business_id and stored.leg_no = before.leg_no
    and before.completed_on <> moment.completed_on
  returning stored.business_id, stored.leg_no, stored.active, date_trunc('month', before.completed_on)::date as month_before
),
touched as (
  insert into touched_item (business_id, item_no, month_before)
  select business_id, leg_no, month_before from leg where active
  on conflict do nothing
)

select (select count(*) from refund) + (select count(*) from leg) as redated
