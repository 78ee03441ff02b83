-- What some files brought: first and last id of the rows they were first to hold, and the sum of the refunds,
-- reversals and vendor refunds among them.
-- Grain: one row per file and currency.
-- $1 business, $2 file ids
with params as (select $1::uuid as business_id, $2::bigint[] as file_ids)

select line.file_id, line.currency, count(*) as rows, min(line.transaction_id) as first_id,
       max(line.transaction_id) as last_id,
       coalesce(sum(line.amount) filter (where line.type in ('refund', 'refund_reversal', 'vendor_refund')), 0)::bigint
         as amount
from params
join processor_row as line
  on line.business_id = params.business_id and line.file_id = any (params.file_ids)
group by line.file_id, line.currency
order by line.file_id, line.currency
