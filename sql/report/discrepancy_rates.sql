-- The exchange rates by which the rows of some findings are converted to the ledger's currency, and the amounts they come to.
-- Grain: one row per discrepancy and row in another currency that has a rate, in order.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),

item as materialized (
  select found.discrepancy_id, listed.row_no, listed.place
  from params
  join discrepancy as found
    on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
  cross join unnest(found.row_nos) with ordinality as listed (row_no, place)
)

select item.discrepancy_id, line.transaction_id, quote.dated_on, quote.from_currency, quote.to_currency,
       trim_scale(quote.rate)::text as rate, quote.amount
from params
cross join item
join processor_row as line on line.business_id = params.business_id and line.row_no = item.row_no
join row_rate as quote on quote.business_id = params.business_id and quote.row_no = item.row_no
order by item.discrepancy_id, item.place
