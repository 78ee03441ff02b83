-- Whether this run has to look payment ids up: some file holds payments (OVER_REFUND), or there are reversals that name no
-- refund, new or looked at again; or refunds are booked against payments that no row is, as new ones then will be, too; or
-- a run of the business has asked before.
-- Grain: one row.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark)
select
  exists (
    select from params
    join reconciliation stored on stored.business_id = params.business_id
    where stored.payment_key_mark > 0)
  or exists (
    select from params
    join awaited_payment stored on stored.business_id = params.business_id)
  or exists (
    select from params
    join processor_file file on file.business_id = params.business_id
    cross join json_array_elements(file.categories) as counted (category)
    where counted.category ->> 'type' = 'payment')
  or exists (
    select from params
    join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
    where line.type = 'refund_reversal' and line.refund_id is null)
  or exists (
    select from params
    join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
    join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
    where line.type = 'refund_reversal' and line.refund_id is null)
  as asked
