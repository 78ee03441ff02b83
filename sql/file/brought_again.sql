-- What a file brought that was withdrawn before, or that brought withdrawn rows back: the rows of its lines that came with it.
-- Grain: one row, with their number and what they are in each currency (JSON, numbers as texts).
-- $1 business, $2 processor, $3 account, $4 file
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
),

own as (
  select known.transaction_id, known.type, known.currency, known.amount
  from params
  cross join (
    select distinct staged.transaction_id
    from staged_line as staged
    where not exists (
      select
      from differing_line as differing
      where differing.is_conflict and differing.line = staged.line and differing.transaction_id = staged.transaction_id)
  ) as line
  cross join lateral (
    select stored.*
    from processor_row as stored
    where stored.business_id = params.business_id and stored.transaction_id = line.transaction_id
      and stored.processor = params.processor and stored.account = params.account
    limit 1
  ) as known
  where known.file_id = params.file_id
),

brought as (
  select
    own.currency, count(*) as rows, min(own.transaction_id) as first_id, max(own.transaction_id) as last_id,
    coalesce(sum(own.amount) filter (where own.type in ('refund', 'refund_reversal', 'vendor_refund')), 0) as amount
  from own
  group by own.currency
)

select
  coalesce(sum(brought.rows), 0)::bigint as accepted,
  coalesce(
    json_agg(
      json_build_object('currency', brought.currency, 'rows', brought.rows::text, 'first_id', brought.first_id,
        'last_id', brought.last_id, 'amount', brought.amount::text)
      order by brought.currency),
    '[]')::text as brought
from brought
