-- The open MISSING_IN_LEDGER discrepancies with their row: what a correction can be proposed for, or why not.
-- Grain: one row per open discrepancy of that code, in order of date and transaction_id.
-- is_reversed: a reversal is of this refund, or bears its refund_id, or its payment and amount but no refund_id.
-- may_be_cut: the last listing of its direction may be cut off, so that the refund may be in what did not come.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

missing as materialized (
  select stored.discrepancy_id, stored.direction, line.row_no, line.type, line.processor, line.account,
    line.transaction_id, line.refund_id, line.payment_ids, line.reference_ids, line.amount, line.refund_fee,
    line.returned_fee, line.currency, line.occurred_at, line.occurred_on
  from params
  join discrepancy stored on stored.business_id = params.business_id
    and stored.code = 'MISSING_IN_LEDGER' and stored.status in ('open', 'acknowledged')
  cross join unnest(stored.row_nos) as listed (row_no)
  join processor_row line on line.business_id = params.business_id and line.row_no = listed.row_no
)

select
  left(encode(sha256(convert_to(format('correction %s %s %s', line.processor, line.account, line.transaction_id), 'UTF8')),
    'hex'), 24) as correction_id,
  line.discrepancy_id, line.direction, line.row_no, line.type, line.processor, line.transaction_id, line.refund_id,
  line.payment_ids, line.reference_ids, line.amount, line.refund_fee, line.returned_fee, line.currency,
  line.occurred_at, line.occurred_on, business.currency as ledger_currency, business.time_zone,
  exists (
    select from processor_row other
    where other.business_id = params.business_id and other.type = 'refund_reversal' and other.reversal_of = line.row_no
      and other.active
  ) or exists (
    select from processor_row other
    where other.business_id = params.business_id and other.refund_id = line.refund_id
      and other.processor = line.processor and other.type = 'refund_reversal' and other.active
  ) or exists (
    select from unnest(line.payment_ids) as paid (id)
    join row_of_payment named on named.business_id = params.business_id and named.payment_id = paid.id
      and named.processor = line.processor
    join processor_row other on other.business_id = params.business_id and other.row_no = named.row_no
    where other.type = 'refund_reversal' and other.refund_id is null and other.amount = -line.amount
  ) as is_reversed,
  exists (
    select from processor_row other
    where other.business_id = params.business_id and other.refund_id = line.refund_id
      and other.processor = line.processor and other.type = line.type and other.active and other.row_no <> line.row_no
  ) as shares_refund_id,
  coalesce(last_pull.maybe_cut, false) as may_be_cut
from params
join business on business.business_id = params.business_id
cross join missing as line
left join last_pull on last_pull.business_id = params.business_id and last_pull.direction = line.direction
order by line.occurred_on, line.transaction_id, line.row_no
