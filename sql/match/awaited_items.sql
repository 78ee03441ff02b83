-- Opens the legs of settled pairs that wait for a payment which a row above the mark ($2) of their processor names, of
-- whatever type. wake.sql wakes the other side.
-- Grain: one row per leg that was not open. Volume: about none.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
waits as (
  -- mostly nobody waits, and then no row is read
  select from params join awaited_payment stored on stored.business_id = params.business_id limit 1
),
named as (
  select distinct line.processor, own.payment_id
  from params cross join waits
  join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  cross join unnest(line.payment_ids) as own (payment_id)
)
insert into open_item (business_id, item_no)
select distinct params.business_id, waiting.leg_no
from params cross join named
-- `offset 0`: one look-up each, whatever the planner expects
cross join lateral (
  select stored.leg_no
  from awaited_payment stored
  where stored.business_id = params.business_id and stored.key = named.payment_id
  offset 0
) waiting
join match_item pair on pair.business_id = params.business_id and pair.leg_no = waiting.leg_no
join processor_row line
  on line.business_id = params.business_id and line.row_no = pair.row_no and line.processor = named.processor
on conflict do nothing
