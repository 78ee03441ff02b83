-- Sets the lines aside that say something else than the row that stands, with both values; not those that a person dismissed
-- before the file was withdrawn.
-- Grain: one row per line in conflict.
-- $1 business, $2 processor, $3 account, $4 file, $5 and $6 currencies and the digits of their minor unit, where not 2
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
),

exponent as (
  select minor.currency, minor.digits
  from unnest($5::text[], $6::integer[]) as minor (currency, digits)
),

conflict as (
  select
    staged.*, known.type as known_type, known.refund_id as known_refund_id, known.amount as known_amount,
    known.refund_fee as known_refund_fee, known.returned_fee as known_returned_fee, known.currency as known_currency,
    known.presented_amount as known_presented_amount, known.presented_currency as known_presented_currency,
    coalesce(known.occurred_at::text, known.occurred_on::text) as known_occurred,
    coalesce(staged.occurred_at::text, staged.occurred_on::text) as occurred,
    format('%s, line %s', known_file.name, known.line) as known_place,
    coalesce(own.digits, 2) as digits, coalesce(other.digits, 2) as known_digits,
    coalesce(presented.digits, 2) as presented_digits, coalesce(known_presented.digits, 2) as known_presented_digits
  from params
  join differing_line as differing on differing.is_conflict
  join staged_line as staged on staged.line = differing.line and staged.transaction_id = differing.transaction_id
  join processor_row as known on known.business_id = params.business_id and known.row_no = differing.row_no
  join processor_file as known_file on known_file.business_id = params.business_id and known_file.file_id = known.file_id
  left join exponent as own on own.currency = staged.currency
  left join exponent as other on other.currency = known.currency
  left join exponent as presented on presented.currency = staged.presented_currency
  left join exponent as known_presented on known_presented.currency = known.presented_currency
)

insert into quarantine (
  business_id, file_id, source, line, kind, reason, raw, item_id, dated_on, processor, account, line_values)
select
  params.business_id, params.file_id, this_file.name, conflict.line, 'conflict',
  format(
    '%s is known from %s, with %s. The line that came first stands.', conflict.transaction_id, conflict.known_place,
    concat_ws(', ',
      case when conflict.type <> conflict.known_type
        then format('type %s, here %s', conflict.known_type, conflict.type) end,
      case when conflict.refund_id <> conflict.known_refund_id
        then format('refund_id %s, here %s', conflict.known_refund_id, conflict.refund_id) end,
      case when conflict.amount <> conflict.known_amount
        then format('amount %s, here %s', was.amount, here.amount) end,
      case when conflict.refund_fee <> conflict.known_refund_fee
        then format('refund fee %s, here %s', was.refund_fee, here.refund_fee) end,
      case when conflict.returned_fee <> conflict.known_returned_fee
        then format('returned fee %s, here %s', was.returned_fee, here.returned_fee) end,
      case when conflict.currency <> conflict.known_currency
        then format('currency %s, here %s', conflict.known_currency, conflict.currency) end,
      case when conflict.presented_amount <> conflict.known_presented_amount
          or conflict.presented_currency <> conflict.known_presented_currency
        then format('presented amount %s %s, here %s %s', was.presented_amount, conflict.known_presented_currency,
          here.presented_amount, conflict.presented_currency) end,
      case when conflict.occurred <> conflict.known_occurred
        then format('date %s, here %s', conflict.known_occurred, conflict.occurred) end)),
  json_build_object(
    'transaction_id', conflict.transaction_id, 'type', conflict.type, 'refund_id', conflict.refund_id,
    'payment_id', conflict.payment_ids, 'references', conflict.reference_ids, 'amount', conflict.amount,
    'refund_fee', conflict.refund_fee, 'returned_fee', conflict.returned_fee, 'currency', conflict.currency,
    'presented_amount', conflict.presented_amount, 'presented_currency', conflict.presented_currency,
    'occurred', conflict.occurred)::text,
  conflict.transaction_id, conflict.occurred_on, params.processor, params.account,
  (select to_json(staged) from staged_line as staged
   where staged.line = conflict.line and staged.transaction_id = conflict.transaction_id)
from params
join processor_file as this_file
  on this_file.business_id = params.business_id and this_file.file_id = params.file_id
cross join conflict
cross join lateral (
  select
    round(conflict.known_amount / 10::numeric ^ conflict.known_digits, conflict.known_digits) as amount,
    round(conflict.known_refund_fee / 10::numeric ^ conflict.known_digits, conflict.known_digits) as refund_fee,
    round(conflict.known_returned_fee / 10::numeric ^ conflict.known_digits, conflict.known_digits) as returned_fee,
    round(conflict.known_presented_amount / 10::numeric ^ conflict.known_presented_digits,
      conflict.known_presented_digits) as presented_amount
) as was
cross join lateral (
  select
    round(conflict.amount / 10::numeric ^ conflict.digits, conflict.digits) as amount,
    round(conflict.refund_fee / 10::numeric ^ conflict.digits, conflict.digits) as refund_fee,
    round(conflict.returned_fee / 10::numeric ^ conflict.digits, conflict.digits) as returned_fee,
    round(conflict.presented_amount / 10::numeric ^ conflict.presented_digits, conflict.presented_digits)
      as presented_amount
) as here
where not exists (
  select
  from quarantine as dismissed
  where dismissed.business_id = params.business_id and dismissed.file_id = params.file_id
    and dismissed.kind = 'conflict' and dismissed.line = conflict.line and dismissed.item_id = conflict.transaction_id)
order by conflict.line
