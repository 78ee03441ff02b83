-- Before everything is matched anew: forgets all totals, ties of reversals and open items, and takes every leg and row for new.
-- The matches stay until it is known which of them are made again.
-- Grain: one row, written. $1 business
with params as not materialized (select $1::uuid as business_id),
items as (delete from open_item stored using params where stored.business_id = params.business_id),
touched as (delete from touched_item stored using params where stored.business_id = params.business_id),
totals as (delete from match_total stored using params where stored.business_id = params.business_id),
lines as (delete from tie_out_line stored using params where stored.business_id = params.business_id),
outside as (delete from outside_total stored using params where stored.business_id = params.business_id),
ties as (
  update processor_row line set reversal_of = null, direction = 'customer'
  from params where line.business_id = params.business_id and line.type = 'refund_reversal' and line.reversal_of is not null
)
update reconciliation run set item_mark = 0 from params where run.business_id = params.business_id
