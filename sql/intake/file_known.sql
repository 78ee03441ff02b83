-- Compares the lines whose transaction id was known, from an earlier file or an earlier line, with the row that stands.
-- The same again brings the row's available_on and payout_id up to date (processors fill them in later); another type,
-- refund id, payment, reference, amount, fee, currency or time is set aside as a conflict that says both.
-- Grain: one row, with the numbers of lines known, in conflict, and rows brought up to date.
-- $1 business, $2 processor, $3 account, $4 file, $5 and $6 currencies and the digits of their minor unit, where not 2
-- Volume: all lines of an overlapping file, a million at most. A file of new lines only is not compared.
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
),

exponent as (
  select minor.currency, minor.digits
  from unnest($5::text[], $6::integer[]) as minor (currency, digits)
),

compared as materialized (
  select
    staged.line, known.row_no, staged.available_on, staged.payout_id,
    staged.type is distinct from known.type
      or staged.refund_id is distinct from known.refund_id
      or staged.payment_ids is distinct from known.payment_ids
      or staged.reference_ids is distinct from known.reference_ids
      or staged.amount is distinct from known.amount
      or staged.refund_fee is distinct from known.refund_fee
      or staged.returned_fee is distinct from known.returned_fee
      or staged.currency is distinct from known.currency
      or staged.occurred_at is distinct from known.occurred_at
      or (staged.occurred_at is null and staged.occurred_on is distinct from known.occurred_on) as is_conflict
  from params
  join processor_row as known
    on known.business_id = params.business_id and known.processor = params.processor and known.account = params.account
  join staged_line as staged on staged.transaction_id = known.transaction_id
  where staged.reason is null
    and (known.file_id <> params.file_id or known.line <> staged.line)
),

later as (
  select distinct on (compared.row_no) compared.row_no, compared.available_on, compared.payout_id
  from compared
  where not compared.is_conflict and (compared.available_on is not null or compared.payout_id is not null)
  order by compared.row_no, compared.line desc
),

updated as (
  update processor_row as known
  set available_on = coalesce(later.available_on, known.available_on),
      payout_id = coalesce(later.payout_id, known.payout_id)
  from params, later
  where known.business_id = params.business_id and known.row_no = later.row_no
    and (coalesce(later.available_on, known.available_on) is distinct from known.available_on
         or coalesce(later.payout_id, known.payout_id) is distinct from known.payout_id)
  returning known.row_no
),

conflict as (
  select
    staged.*, known.type as known_type, known.refund_id as known_refund_id, known.payment_ids as known_payment_ids,
    known.reference_ids as known_reference_ids, known.amount as known_amount, known.refund_fee as known_refund_fee,
    known.returned_fee as known_returned_fee, known.currency as known_currency,
    coalesce(known.occurred_at::text, known.occurred_on::text) as known_occurred,
    coalesce(staged.occurred_at::text, staged.occurred_on::text) as occurred,
    format('%s, line %s', known_file.name, known.line) as known_place,
    coalesce(own.digits, 2) as digits, coalesce(other.digits, 2) as known_digits
  from params
  join compared on compared.is_conflict
  join processor_row as known on known.business_id = params.business_id and known.row_no = compared.row_no
  join staged_line as staged
    on staged.line = compared.line and staged.transaction_id = known.transaction_id and staged.reason is null
  join processor_file as known_file on known_file.business_id = known.business_id and known_file.file_id = known.file_id
  left join exponent as own on own.currency = staged.currency
  left join exponent as other on other.currency = known.currency
),

set_aside as (
  insert into quarantine (
    business_id, file_id, source, line, kind, reason, raw, item_id, dated_on, processor, account)
  select
    params.business_id, params.file_id, this_file.name, conflict.line, 'conflict',
    format(
      '%s is known from %s, with %s. The line that came first stands.', conflict.transaction_id, conflict.known_place,
      concat_ws(', ',
        case when conflict.type <> conflict.known_type
          then format('type %s, here %s', conflict.known_type, conflict.type) end,
        case when conflict.refund_id is distinct from conflict.known_refund_id
          then format('refund_id %s, here %s', coalesce(conflict.known_refund_id, 'none'), coalesce(conflict.refund_id, 'none')) end,
        case when conflict.payment_ids <> conflict.known_payment_ids
          then format('payment_id %s, here %s', conflict.known_payment_ids, conflict.payment_ids) end,
        case when conflict.reference_ids <> conflict.known_reference_ids
          then format('references %s, here %s', conflict.known_reference_ids, conflict.reference_ids) end,
        case when conflict.amount <> conflict.known_amount
          then format('amount %s, here %s', was.amount, here.amount) end,
        case when conflict.refund_fee <> conflict.known_refund_fee
          then format('refund fee %s, here %s', was.refund_fee, here.refund_fee) end,
        case when conflict.returned_fee <> conflict.known_returned_fee
          then format('returned fee %s, here %s', was.returned_fee, here.returned_fee) end,
        case when conflict.currency <> conflict.known_currency
          then format('currency %s, here %s', conflict.known_currency, conflict.currency) end,
        case when conflict.occurred <> conflict.known_occurred
          then format('date %s, here %s', conflict.known_occurred, conflict.occurred) end)),
    json_build_object(
      'transaction_id', conflict.transaction_id, 'type', conflict.type, 'refund_id', conflict.refund_id,
      'payment_id', conflict.payment_ids, 'references', conflict.reference_ids, 'amount', conflict.amount,
      'refund_fee', conflict.refund_fee, 'returned_fee', conflict.returned_fee, 'currency', conflict.currency,
      'occurred', conflict.occurred)::text,
    conflict.transaction_id, conflict.occurred_on, params.processor, params.account
  from params
  join processor_file as this_file
    on this_file.business_id = params.business_id and this_file.file_id = params.file_id
  cross join conflict
  cross join lateral (
    select
      round(conflict.known_amount / 10::numeric ^ conflict.known_digits, conflict.known_digits) as amount,
      round(conflict.known_refund_fee / 10::numeric ^ conflict.known_digits, conflict.known_digits) as refund_fee,
      round(conflict.known_returned_fee / 10::numeric ^ conflict.known_digits, conflict.known_digits) as returned_fee
  ) as was
  cross join lateral (
    select
      round(conflict.amount / 10::numeric ^ conflict.digits, conflict.digits) as amount,
      round(conflict.refund_fee / 10::numeric ^ conflict.digits, conflict.digits) as refund_fee,
      round(conflict.returned_fee / 10::numeric ^ conflict.digits, conflict.digits) as returned_fee
  ) as here
  order by conflict.line
  returning quarantine.line
)

select
  (select count(*) from compared where not compared.is_conflict) as known,
  (select count(*) from set_aside) as conflicts,
  (select count(*) from updated) as updated
