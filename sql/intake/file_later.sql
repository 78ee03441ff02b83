-- Brings known rows up to date: processors fill in payout and availability later. Of several lines of a row the last one
-- that says it counts; what a line leaves empty is not taken away.
-- Grain: one row per row brought up to date.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

differing as (
  select distinct differing_line.row_no, differing_line.transaction_id
  from differing_line
  where not differing_line.is_conflict
),

-- all lines of such a row: one that agrees with what is known may come after one that does not
later as (
  select
    differing.row_no,
    (array_agg(staged.available_on order by staged.line desc) filter (where staged.available_on is not null))[1]
      as available_on,
    (array_agg(staged.payout_id order by staged.line desc) filter (where staged.payout_id is not null))[1]
      as payout_id
  from differing
  join staged_line as staged using (transaction_id)
  where not exists (
    select from differing_line as conflict where conflict.is_conflict and conflict.line = staged.line)
  group by differing.row_no
)

update processor_row as known
set available_on = coalesce(later.available_on, known.available_on),
    payout_id = coalesce(later.payout_id, known.payout_id)
from params, later
where known.business_id = params.business_id and known.row_no = later.row_no
