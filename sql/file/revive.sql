-- Brings withdrawn rows back as the staged lines have them: of several lines with one id the first. Each is noted for the next
-- run, with the month it lay in before. A reversal stays with its refund until a run ties it anew.
-- Grain: one row, with the number of rows brought back, and of those that say something else than before.
-- $1 business, $2 processor, $3 account, $4 file
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
),

line as (
  select distinct on (staged.transaction_id) staged.*
  from staged_line as staged
  order by staged.transaction_id, staged.line
),

revived as (
  update processor_row as stored
  set type = line.type, category = line.category, refund_id = line.refund_id, payment_ids = line.payment_ids,
      reference_ids = line.reference_ids, keys_written = line.keys_written, amount = line.amount,
      refund_fee = line.refund_fee, returned_fee = line.returned_fee, currency = line.currency,
      presented_amount = line.presented_amount, presented_currency = line.presented_currency,
      occurred_at = line.occurred_at, occurred_on = line.occurred_on, available_on = line.available_on,
      payout_id = line.payout_id, file_id = params.file_id, line = line.line, active = true,
      direction = case when before.type = 'refund_reversal' and line.type = 'refund_reversal' then before.direction
        else line.direction end,
      reversal_of = case when line.type = 'refund_reversal' then before.reversal_of end
  from params
  join processor_row as before
    on before.business_id = params.business_id and before.processor = params.processor
    and before.account = params.account and not before.active
  join line on line.transaction_id = before.transaction_id
  where stored.business_id = params.business_id and stored.row_no = before.row_no
  returning stored.business_id, stored.row_no, date_trunc('month', before.occurred_on)::date as month_before,
    (before.type, before.refund_id, before.payment_ids, before.reference_ids, before.amount, before.refund_fee,
     before.returned_fee, before.currency, before.presented_amount, before.presented_currency, before.occurred_at,
     before.occurred_on)
    is distinct from
    (line.type, line.refund_id, line.payment_ids, line.reference_ids, line.amount, line.refund_fee, line.returned_fee,
     line.currency, line.presented_amount, line.presented_currency, line.occurred_at, line.occurred_on) as is_changed
),

touched as (
  insert into touched_item (business_id, item_no, month_before)
  select revived.business_id, revived.row_no, revived.month_before from revived order by revived.row_no
  on conflict do nothing
)

select count(*) as revived, count(*) filter (where revived.is_changed) as changed from revived
