-- Loosens the settled pairs whose row a loose leg has a claim to: one that has the row's refund_id or transaction_id as
-- an identity key. Called again until nobody is loosened, since a leg that comes loose has claims of its own.
-- Grain: one row per leg and per row of such a pair. Volume: few, the refunds that are booked twice.
with params as not materialized (select $1::uuid as business_id),
claim as (
  select distinct key
  from params
  cross join loose_item item
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
  cross join unnest(leg.identity_keys) as key
),
claimed as (
  select pair.leg_no, pair.row_no
  from claim join settled_pair pair on pair.key = claim.key
  union
  select pair.leg_no, pair.row_no
  from params cross join claim
  join processor_row line on line.business_id = params.business_id and line.transaction_id = claim.key
  join settled_pair pair on pair.row_no = line.row_no
)
insert into loose_item
select leg_no from claimed
union
select row_no from claimed
