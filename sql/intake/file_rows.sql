-- Takes in the lines whose transaction id is not yet known; of several with one id in the file the first.
-- Grain: one row per new transaction id.
-- $1 business, $2 processor, $3 account, $4 file
-- Volume: 1,000,000 lines at once, or some thousands on a history of millions; the planner chooses by size, so the
-- stage is analysed before. In order of the key: the index is then filled from left to right (3.0 s a million), which
-- `on conflict do nothing` in file order is not (6.3 s).
with params as (select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id)

insert into processor_row (
  business_id, processor, account, transaction_id, type, category, refund_id, payment_ids, reference_ids, amount,
  refund_fee, returned_fee, currency, occurred_at, occurred_on, available_on, payout_id, file_id, line)
select distinct on (staged.transaction_id)
  params.business_id, params.processor, params.account, staged.transaction_id, staged.type, staged.category,
  staged.refund_id, staged.payment_ids, staged.reference_ids, staged.amount, staged.refund_fee, staged.returned_fee,
  staged.currency, staged.occurred_at, staged.occurred_on, staged.available_on, staged.payout_id, params.file_id,
  staged.line
from params
cross join staged_line as staged
where staged.reason is null
  and not exists (
    select from processor_row as known
    where known.business_id = params.business_id and known.processor = params.processor
      and known.account = params.account and known.transaction_id = staged.transaction_id)
order by staged.transaction_id, staged.line
