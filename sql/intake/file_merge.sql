-- Takes in the staged lines whose transaction id is not yet known, of several with one id the first; and notes those
-- whose id is known but that say something else. A conflict is another type, amount, fee, currency or time, and another
-- refund id or presented amount where both say one. Anything else brings the stored row up to date: payment ids and
-- references that it lacks, a refund id or a presented amount where it has none, a payout, a date of availability.
-- Grain: one row, with what was brought in each currency (JSON, numbers as texts), and the numbers of lines that were new,
-- of rows added, of lines in conflict, of lines with something later, of these that add a key or a presented amount, and
-- of lines that say another payout or date of availability than stands, where the others fill in what was empty. Where
-- fewer rows were added than lines were new, an id is there more than once: file_repeated.
-- $1 business, $2 processor, $3 account, $4 file, $5 the least and $6 the greatest staged transaction id
-- Volume: 100,000 to 500,000 staged lines on a history of millions, or some thousands of a night. New rows go in in order
-- of their id, so that the index is filled from left to right; `on conflict do nothing` in file order takes twice as
-- long. One join serves both questions: an anti-join for the new and a join for the known ones read the history twice.
-- The range makes no other result, but where it is narrow only that part of the history is read: a million known lines
-- in chunks of 100,000 take 1.5 s on a history of two million, 3.8 s without it in chunks of 500,000.
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id,
         $5::text as lowest, $6::text as highest
),

incoming as materialized (
  select
    staged.*, known.row_no,
    (staged.type is distinct from known.type
      or staged.refund_id <> known.refund_id
      or staged.amount is distinct from known.amount
      or staged.refund_fee is distinct from known.refund_fee
      or staged.returned_fee is distinct from known.returned_fee
      or staged.currency is distinct from known.currency
      or staged.presented_amount <> known.presented_amount
      or staged.presented_currency <> known.presented_currency
      or staged.occurred_at is distinct from known.occurred_at
      or (staged.occurred_at is null and staged.occurred_on is distinct from known.occurred_on)) is true as is_conflict,
    (staged.refund_id is not null and known.refund_id is null)
      or (staged.presented_amount is not null and known.presented_amount is null)
      or not (staged.payment_ids <@ known.payment_ids)
      or not (staged.reference_ids <@ known.reference_ids) as adds_key,
    coalesce(staged.available_on <> known.available_on, false)
      or coalesce(staged.payout_id <> known.payout_id, false) as is_replacing
  from params
  cross join staged_line as staged
  left join processor_row as known
    on known.business_id = params.business_id and known.processor = params.processor
      and known.account = params.account and known.transaction_id = staged.transaction_id
      and known.transaction_id between params.lowest and params.highest
  where known.row_no is null
    or staged.type <> known.type
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
    or (staged.payout_id is not null and staged.payout_id is distinct from known.payout_id)
),

added as (
  insert into processor_row (
    business_id, processor, account, transaction_id, type, category, refund_id, payment_ids, reference_ids, keys_written,
    amount, refund_fee, returned_fee, currency, presented_amount, presented_currency, occurred_at, occurred_on,
    available_on, payout_id, direction, file_id, line)
  select distinct on (incoming.transaction_id)
    params.business_id, params.processor, params.account, incoming.transaction_id, incoming.type, incoming.category,
    incoming.refund_id, incoming.payment_ids, incoming.reference_ids, incoming.keys_written, incoming.amount,
    incoming.refund_fee, incoming.returned_fee, incoming.currency, incoming.presented_amount,
    incoming.presented_currency, incoming.occurred_at, incoming.occurred_on, incoming.available_on, incoming.payout_id,
    incoming.direction, params.file_id, incoming.line
  from params
  cross join incoming
  where incoming.row_no is null
  order by incoming.transaction_id, incoming.line
  returning transaction_id, type, currency, amount
),

differing as (
  insert into differing_line (line, transaction_id, row_no, is_conflict)
  select incoming.line, incoming.transaction_id, incoming.row_no, incoming.is_conflict
  from incoming
  where incoming.row_no is not null
  returning differing_line.is_conflict
),

brought as (
  select
    added.currency, count(*)::text as rows, min(added.transaction_id) as first_id, max(added.transaction_id) as last_id,
    coalesce(sum(added.amount) filter (where added.type in ('refund', 'refund_reversal', 'vendor_refund')), 0)::text
      as amount
  from added
  group by added.currency
)

select
  (select coalesce(json_agg(brought), '[]') from brought) as brought,
  (select count(*) from incoming where incoming.row_no is null) as new_lines,
  (select count(*) from added) as added,
  (select count(*) from differing where differing.is_conflict) as conflicts,
  (select count(*) from differing where not differing.is_conflict) as later,
  (select count(*) from incoming
   where incoming.row_no is not null and not incoming.is_conflict and incoming.adds_key) as adding,
  (select count(*) from incoming where incoming.row_no is not null and incoming.is_replacing) as replacing
