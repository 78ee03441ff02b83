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
  select line.row_no
  from params cross join claim
  join processor_row line on line.business_id = params.business_id and line.refund_id = claim.key
  union
  select line.row_no
  from params cross join claim
  join processor_row line on line.business_id = params.business_id and line.transaction_id = claim.key
),
pair as (
  select meeting.leg_no, meeting.row_no
  from claimed join meeting on meeting.row_no = claimed.row_no
  where not exists (select from loose_item item where item.item_no = meeting.row_no)
)
insert into loose_item
select leg_no from pair
union
select row_no from pair
