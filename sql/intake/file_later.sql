-- Brings known rows up to date: processors fill in payout and availability later. Of several lines of a row the last
-- counts; what a line leaves empty is not taken away.
-- Grain: one row per row brought up to date.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

later as (
  select distinct on (differing.row_no) differing.row_no, staged.available_on, staged.payout_id
  from differing_line as differing
  join staged_line as staged on staged.line = differing.line and staged.transaction_id = differing.transaction_id
  where not differing.is_conflict
  order by differing.row_no, differing.line desc
)

update processor_row as known
set available_on = coalesce(later.available_on, known.available_on),
    payout_id = coalesce(later.payout_id, known.payout_id)
from params, later
where known.business_id = params.business_id and known.row_no = later.row_no
