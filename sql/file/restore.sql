-- Puts rows back as they were before a line of withdrawn files was accepted in their place, where another file has them: the
-- version of a file that counts, the latest of several. Each is noted for the next run.
-- Grain: one row per row put back.
-- $1 business, $2 files, withdrawn
with params as not materialized (select $1::uuid as business_id, $2::bigint[] as file_ids),

chosen as (
  select distinct on (line.row_no) line.row_no, line.occurred_on, version.version_no, version.was
  from params
  join quarantine aside
    on aside.business_id = params.business_id and aside.file_id = any (params.file_ids) and aside.state = 'accepted'
  join processor_row line
    on line.business_id = params.business_id and line.transaction_id = aside.item_id and line.processor = aside.processor
    and line.account = aside.account and line.file_id = aside.file_id and line.active
  join processor_row_version version on version.business_id = params.business_id and version.row_no = line.row_no
  join processor_file file on file.business_id = params.business_id and file.file_id = version.file_id
  order by line.row_no, file.state = 'imported' desc, version.version_no desc
),

used as (
  delete from processor_row_version version
  using params, chosen
  where version.business_id = params.business_id and version.row_no = chosen.row_no
    and version.version_no = chosen.version_no
),

touched as (
  insert into touched_item (business_id, item_no, month_before)
  select params.business_id, chosen.row_no, date_trunc('month', chosen.occurred_on)::date from params cross join chosen
  on conflict do nothing
)

update processor_row line
set type = was.type, category = was.category, refund_id = was.refund_id, payment_ids = was.payment_ids,
    reference_ids = was.reference_ids, keys_written = was.keys_written, amount = was.amount, refund_fee = was.refund_fee,
    returned_fee = was.returned_fee, currency = was.currency, presented_amount = was.presented_amount,
    presented_currency = was.presented_currency, occurred_at = was.occurred_at, occurred_on = was.occurred_on,
    available_on = was.available_on, payout_id = was.payout_id, file_id = was.file_id, line = was.line,
    direction = case when was.type = 'refund_reversal' then line.direction else was.direction end
from params
cross join chosen
cross join lateral json_populate_record(null::processor_row, chosen.was) as was
where line.business_id = params.business_id and line.row_no = chosen.row_no
