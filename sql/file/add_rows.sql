-- Adds the staged lines whose transaction id is not stored yet: of several lines with one id the first. Where all lines are
-- such ones, they are all that the file has: its list is noted.
-- Grain: one row, with the number of rows added and what they brought in each currency (JSON, numbers as texts).
-- Volume: a million staged lines on a history of millions, or fifty of a night. Rows go in in order of their id, so that
-- the unique index is filled from left to right. That index itself says what is stored: asked by a subquery, the planner took
-- another index where it knew nothing of the business, and compared every line with every line before it.
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id,
         $5::bigint as lines
),

added as (
  insert into processor_row (
    business_id, processor, account, transaction_id, type, category, refund_id, payment_ids, reference_ids, keys_written,
    amount, refund_fee, returned_fee, currency, presented_amount, presented_currency, occurred_at, occurred_on,
    available_on, payout_id, direction, file_id, line)
  select
    params.business_id, params.processor, params.account, staged.transaction_id, staged.type, staged.category,
    staged.refund_id, staged.payment_ids, staged.reference_ids, staged.keys_written, staged.amount, staged.refund_fee,
    staged.returned_fee, staged.currency, staged.presented_amount, staged.presented_currency, staged.occurred_at,
    staged.occurred_on, staged.available_on, staged.payout_id, staged.direction, params.file_id, staged.line
  from params
  cross join staged_line as staged
  order by staged.transaction_id, staged.line
  on conflict (business_id, transaction_id, processor, account) do nothing
  returning row_no, transaction_id, type, currency, amount
),

brought as (
  select
    added.currency, count(*) as added, min(added.transaction_id) as first_id, max(added.transaction_id) as last_id,
    coalesce(sum(added.amount) filter (where added.type in ('refund', 'refund_reversal', 'vendor_refund')), 0) as amount
  from added
  group by added.currency
),

listed as (
  select count(*) as rows, string_agg(row_step(step.step), ''::bytea order by step.row_no) as row_list
  from (select added.row_no, added.row_no - lag(added.row_no, 1, 0::bigint) over (order by added.row_no) as step from added) as step
),

noted as (
  update processor_file as file
  set row_list = listed.row_list
  from params
  cross join listed
  where file.business_id = params.business_id and file.file_id = params.file_id and listed.rows = params.lines
)

select
  coalesce(sum(brought.added), 0)::bigint as accepted,
  coalesce(
    json_agg(
      json_build_object('currency', brought.currency, 'rows', brought.added::text, 'first_id', brought.first_id,
        'last_id', brought.last_id, 'amount', brought.amount::text)
      order by brought.currency),
    '[]')::text as brought
from brought
