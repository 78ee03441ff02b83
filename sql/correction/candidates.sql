-- The open MISSING_IN_LEDGER discrepancies with their row: what a correction can be proposed for, or why not.
-- Grain: one row per open discrepancy of that code, in order of date and transaction_id.
-- Cannot see: whether a reversal without refund_id and without a shared payment is of this refund.
-- $1 business
with params as not materialized (select $1::uuid as business_id),
missing as materialized (
  select stored.discrepancy_id, stored.direction, line.*
  from params
  join discrepancy stored on stored.business_id = params.business_id
    and stored.code = 'MISSING_IN_LEDGER' and stored.status in ('open', 'acknowledged')
  join discrepancy_row listed on listed.business_id = params.business_id and listed.discrepancy_id = stored.discrepancy_id
  join processor_row line on line.business_id = params.business_id and line.row_no = listed.row_no
),
-- all rows are read once, whatever is missing: their refund ids have no index
same_refund as materialized (
  select asked.processor, asked.refund_id, other.type, count(*) as rows
  from params
  join processor_row other on other.business_id = params.business_id
  join (select distinct processor, refund_id from missing) as asked
    on asked.processor = other.processor and asked.refund_id = other.refund_id
  group by asked.processor, asked.refund_id, other.type
),
reversal_of_payment as materialized (
  select distinct line.processor, named.payment_id, -line.amount as amount
  from params
  join processor_row line on line.business_id = params.business_id and line.type = 'refund_reversal'
    and line.refund_id is null
  cross join unnest(line.payment_ids) as named (payment_id)
)

select
  left(encode(sha256(convert_to(format('correction %s %s %s', line.processor, line.account, line.transaction_id), 'UTF8')),
    'hex'), 24) as correction_id,
  line.discrepancy_id, line.direction, line.row_no, line.type, line.processor, line.transaction_id, line.refund_id,
  line.payment_ids, line.reference_ids, line.amount, line.refund_fee, line.returned_fee, line.currency,
  line.occurred_at, line.occurred_on, business.currency as ledger_currency, business.time_zone,
  (line.processor, line.refund_id) in (select processor, refund_id from same_refund where type = 'refund_reversal')
    is true or (line.processor, line.amount) in (
    select other.processor, other.amount from reversal_of_payment other where other.payment_id = any (line.payment_ids)
  ) as is_reversed,
  (line.processor, line.refund_id, line.type) in (select processor, refund_id, type from same_refund where rows > 1)
    is true as shares_refund_id
from params
join business on business.business_id = params.business_id
cross join missing as line
order by line.occurred_on, line.transaction_id, line.row_no
