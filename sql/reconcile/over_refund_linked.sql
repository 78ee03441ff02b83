-- The rows that hang together with some by payment ids, one step further: those that share an id, and of refunds their
-- reversals, of reversals their refunds.
-- Grain: one row per row. $1 business, $2 rows, $3 payment ids
with params as not materialized (select $1::uuid as business_id, $2::bigint[] as row_nos, $3::text[] as payment_ids)
select line.row_no, line.processor, line.account, line.transaction_id, line.type, line.direction, line.currency, line.amount,
  line.presented_amount, line.presented_currency, line.payment_ids, line.reversal_of, line.occurred_on as on_date
from params
cross join lateral (
  select unnest(params.row_nos) as row_no
  union
  select paid.row_no from unnest(params.payment_ids) as asked (payment_id)
  join row_of_payment paid on paid.business_id = params.business_id and paid.payment_id = asked.payment_id
  union
  select reversal.row_no from unnest(params.row_nos) as asked (row_no)
  join processor_row reversal on reversal.business_id = params.business_id and reversal.type = 'refund_reversal' and reversal.reversal_of = asked.row_no
  union
  select reversal.reversal_of from unnest(params.row_nos) as asked (row_no)
  join processor_row reversal on reversal.business_id = params.business_id and reversal.row_no = asked.row_no and reversal.reversal_of is not null
) found
join processor_row line on line.business_id = params.business_id and line.row_no = found.row_no
where line.active and line.type <> 'other' and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
