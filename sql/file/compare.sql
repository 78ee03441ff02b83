-- Notes the staged lines that say something else than the row stored with their transaction id, rows that this file has
-- just brought included: that is how a repeated line is compared with the first one. A conflict is another type, amount,
-- fee, currency or time, and another refund id or presented amount where both say one. Any other difference brings the
-- stored row up to date: payment ids and references that it lacks, a refund id or a presented amount where it has none, a
-- payout, a date of availability. Notes which rows the file has: all but those that a line contradicts.
-- Grain: one row, with the numbers of lines in conflict, of other differing lines, and of those that add a key or a
-- presented amount.
-- Volume: as file_add_rows, which says why there is a `limit 1`.
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account,
         $4::bigint as file_id
),

looked_up as materialized (
  select
    staged.line, staged.transaction_id, known.row_no,
    (staged.type <> known.type
      or staged.refund_id <> known.refund_id
      or staged.amount <> known.amount
      or staged.refund_fee <> known.refund_fee
      or staged.returned_fee <> known.returned_fee
      or staged.currency <> known.currency
      or staged.presented_amount <> known.presented_amount
      or staged.presented_currency <> known.presented_currency
      or staged.occurred_at is distinct from known.occurred_at
      or (staged.occurred_at is null and staged.occurred_on <> known.occurred_on)) is true as is_conflict,
    (staged.refund_id is not null and known.refund_id is null)
      or (staged.presented_amount is not null and known.presented_amount is null)
      or not (staged.payment_ids <@ known.payment_ids)
      or not (staged.reference_ids <@ known.reference_ids) as adds_key,
    (staged.type <> known.type
      or (staged.refund_id is not null and staged.refund_id is distinct from known.refund_id)
      or (staged.payment_ids <> known.payment_ids and not (staged.payment_ids <@ known.payment_ids))
      or (staged.reference_ids <> known.reference_ids and not (staged.reference_ids <@ known.reference_ids))
      or staged.amount <> known.amount
      or staged.refund_fee <> known.refund_fee
      or staged.returned_fee <> known.returned_fee
      or staged.currency <> known.currency
      or (staged.presented_amount is not null and staged.presented_amount is distinct from known.presented_amount)
      or (staged.presented_currency is not null and staged.presented_currency is distinct from known.presented_currency)
      or staged.occurred_at is distinct from known.occurred_at
      or (staged.occurred_at is null and staged.occurred_on <> known.occurred_on)
      or (staged.available_on is not null and staged.available_on is distinct from known.available_on)
      or (staged.payout_id is not null and staged.payout_id is distinct from known.payout_id)) is true as is_differing
  from params
  cross join staged_line as staged
  cross join lateral (
    select stored.*
    from processor_row as stored
    where stored.business_id = params.business_id and stored.transaction_id = staged.transaction_id
      and stored.processor = params.processor and stored.account = params.account
    limit 1
  ) as known
),

compared as (
  select looked_up.line, looked_up.transaction_id, looked_up.row_no, looked_up.is_conflict, looked_up.adds_key
  from looked_up
  where looked_up.is_differing
),

listed as (
  select string_agg(row_step(step.step), ''::bytea order by step.row_no) as row_list
  from (
    select held.row_no, held.row_no - lag(held.row_no, 1, 0::bigint) over (order by held.row_no) as step
    from (select distinct looked_up.row_no from looked_up where not looked_up.is_conflict) as held
  ) as step
),

noted as (
  update processor_file as file
  set row_list = listed.row_list
  from params
  cross join listed
  where file.business_id = params.business_id and file.file_id = params.file_id
),

differing as (
  insert into differing_line (line, transaction_id, row_no, is_conflict)
  select compared.line, compared.transaction_id, compared.row_no, compared.is_conflict
  from compared
)

select
  count(*) filter (where compared.is_conflict) as conflicts,
  count(*) filter (where not compared.is_conflict) as later,
  count(*) filter (where not compared.is_conflict and compared.adds_key) as adding
from compared
