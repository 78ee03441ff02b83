-- What is quarantined and counts (view open_quarantine). With months given, those dated in them and those without a date.
-- Of a conflict also the stored line that it contradicts.
-- Grain: one row per quarantined refund or record.
-- $1 business, $2 first month or null, $3 last month or null, $4 records of these numbers instead of those that count, or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month,
                                          $4::bigint[] as quarantine_ids)

select aside.business_id, aside.quarantine_id, aside.source, aside.line, aside.kind, aside.reason, aside.raw, aside.item_id,
       aside.dated_on,
       stored.row_no is not null as is_stored, stored.type as stored_type, stored.amount as stored_amount,
       stored.refund_fee as stored_refund_fee, stored.returned_fee as stored_returned_fee,
       stored.currency as stored_currency, stored.presented_amount as stored_presented_amount,
       stored.presented_currency as stored_presented_currency,
       coalesce(stored.keys_written ->> 'refund_id', stored.refund_id) as stored_refund_id,
       stored.occurred_at as stored_occurred_at, stored.occurred_on as stored_occurred_on,
       origin.name as stored_file, stored.line as stored_line
from params
join quarantine as aside
  on aside.business_id = params.business_id
     and aside.quarantine_id = any (
       coalesce(
         params.quarantine_ids,
         array(select counted.quarantine_id from open_quarantine as counted where counted.business_id = params.business_id)))
left join processor_row as stored
  on aside.kind = 'conflict' and stored.business_id = params.business_id and stored.processor = aside.processor
     and stored.account = aside.account and stored.transaction_id = aside.item_id and stored.active
left join processor_file as origin on origin.business_id = params.business_id and origin.file_id = stored.file_id
where aside.dated_on is null
   or ((params.from_month is null or aside.dated_on >= (params.from_month || '-01')::date)
       and (params.to_month is null or aside.dated_on < (params.to_month || '-01')::date + interval '1 month'))
order by aside.pull_id is null, aside.source collate "C", aside.line nulls last, aside.item_id nulls last, aside.reason
