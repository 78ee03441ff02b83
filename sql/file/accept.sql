-- Puts a conflicting line in the place of the stored row, as a person decided; what the line leaves empty stays. The row as it was
-- becomes a version, one that was withdrawn counts again. Open conflicts that say the same are settled. The row is noted for the
-- next run.
-- Grain: one row, with the months the row lay and lies in; none where the conflict is decided of, or its file withdrawn.
-- $1 business, $2 record in quarantine
with params as not materialized (select $1::uuid as business_id, $2::bigint as quarantine_id),

conflict as (
  select aside.quarantine_id, aside.item_id, aside.processor, aside.account, aside.file_id, aside.line, aside.line_values,
    known.row_no, known.occurred_on
  from params
  join quarantine aside
    on aside.business_id = params.business_id and aside.quarantine_id = params.quarantine_id
    and aside.kind = 'conflict' and aside.state = 'open' and aside.line_values is not null
  join processor_file file
    on file.business_id = params.business_id and file.file_id = aside.file_id and file.state = 'imported'
  join processor_row known
    on known.business_id = params.business_id and known.transaction_id = aside.item_id
    and known.processor = aside.processor and known.account = aside.account
),

version as (
  insert into processor_row_version (business_id, row_no, file_id, was)
  select params.business_id, known.row_no, known.file_id, to_json(known)
  from params
  cross join conflict
  join processor_row known on known.business_id = params.business_id and known.row_no = conflict.row_no
  where known.active
),

decided as (
  update quarantine aside
  set state = 'accepted'
  from params, conflict
  where aside.business_id = params.business_id and aside.quarantine_id = conflict.quarantine_id
),

alike as (
  update quarantine aside
  set state = 'settled', settled_file_id = conflict.file_id
  from params, conflict
  where aside.business_id = params.business_id and aside.quarantine_id <> conflict.quarantine_id
    and aside.kind = 'conflict' and aside.state = 'open' and aside.item_id = conflict.item_id
    and aside.processor = conflict.processor and aside.account = conflict.account
    and aside.line_values::jsonb - '{line,category,payment_ids,reference_ids,keys_written,available_on,payout_id}'::text[]
      = conflict.line_values::jsonb - '{line,category,payment_ids,reference_ids,keys_written,available_on,payout_id}'::text[]
),

touched as (
  insert into touched_item (business_id, item_no, month_before)
  select params.business_id, conflict.row_no, date_trunc('month', conflict.occurred_on)::date from params cross join conflict
  on conflict do nothing
)

update processor_row line
set type = said.type, category = coalesce(said.category, before.category),
    refund_id = coalesce(said.refund_id, before.refund_id),
    payment_ids = case when cardinality(said.payment_ids) > 0 then said.payment_ids else before.payment_ids end,
    reference_ids = case when cardinality(said.reference_ids) > 0 then said.reference_ids else before.reference_ids end,
    keys_written = case when coalesce(said.keys_written, before.keys_written) is not null then json_build_object(
      'transaction_id', coalesce(said.keys_written ->> 'transaction_id', said.transaction_id),
      'refund_id', case when said.refund_id is null then coalesce(before.keys_written ->> 'refund_id', before.refund_id)
        else coalesce(said.keys_written ->> 'refund_id', said.refund_id) end,
      'payment_ids', case when cardinality(said.payment_ids) = 0
        then coalesce(before.keys_written -> 'payment_ids', to_json(before.payment_ids))
        else coalesce(said.keys_written -> 'payment_ids', to_json(said.payment_ids)) end,
      'reference_ids', case when cardinality(said.reference_ids) = 0
        then coalesce(before.keys_written -> 'reference_ids', to_json(before.reference_ids))
        else coalesce(said.keys_written -> 'reference_ids', to_json(said.reference_ids)) end) end,
    amount = said.amount, refund_fee = said.refund_fee, returned_fee = said.returned_fee, currency = said.currency,
    presented_amount = said.presented_amount, presented_currency = said.presented_currency,
    occurred_at = said.occurred_at, occurred_on = said.occurred_on,
    available_on = coalesce(said.available_on, before.available_on), payout_id = coalesce(said.payout_id, before.payout_id),
    file_id = conflict.file_id, line = conflict.line, active = true,
    direction = case when before.type = 'refund_reversal' and said.type = 'refund_reversal' then before.direction
      else said.direction end,
    reversal_of = case when said.type = 'refund_reversal' then before.reversal_of end
from params
cross join conflict
join processor_row before on before.business_id = params.business_id and before.row_no = conflict.row_no
cross join lateral json_populate_record(null::processor_row, conflict.line_values) as said
where line.business_id = params.business_id and line.row_no = conflict.row_no
returning array(
  select distinct to_char(day.on_date, 'YYYY-MM')
  from (values (before.occurred_on), (said.occurred_on)) as day (on_date)
  order by 1) as months
