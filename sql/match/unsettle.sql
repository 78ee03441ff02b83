-- Takes back the settled pairs whose row another leg has a claim to: one that is not settled and has the row's refund_id
-- or transaction_id as an identity key. Called again until nothing is taken back.
-- Grain: one row per settled pair, deleted.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
subject as (
  -- what is new, and what is looked at again
  select leg.* from params join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  union all
  select leg.* from params join work_item item on item.item_no <= params.item_mark
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
),
claim as (
  select distinct key
  from subject leg cross join unnest(leg.identity_keys) as key
  where leg.active and not exists (select from settled_pair pair where pair.leg_no = leg.leg_no)
),
claimed as (
  select pair.row_no
  from params
  join settled_pair pair on true
  join processor_row line on line.business_id = params.business_id and line.row_no = pair.row_no
  where line.refund_id in (select key from claim) or line.transaction_id in (select key from claim)
)
delete from settled_pair pair using claimed where claimed.row_no = pair.row_no
