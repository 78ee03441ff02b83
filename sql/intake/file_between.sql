-- How many rows an account has between two transaction ids, counted up to a limit: where ids have a time in them, as
-- Stripe's have, those of lines that follow one another are neighbours in the index.
-- Grain: one row.
-- $1 business, $2 processor, $3 account, $4 the least and $5 the greatest id, $6 the limit
-- Volume: a history of millions, a limit of some hundred thousand (40 ms).
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text as lowest, $5::text as highest,
         $6::bigint as at_most
)

select count(*) as rows
from (
  select
  from params
  join processor_row as known using (business_id, processor, account)
  where known.transaction_id between params.lowest and params.highest
  limit (select params.at_most from params)) as found
