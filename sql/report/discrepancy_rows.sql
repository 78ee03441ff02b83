-- The processor side of some findings, with the file and the line that each row came from. Ids are shown as the file
-- writes them.
-- Grain: one row per discrepancy and processor row, in order.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
-- The items come first, materialized: see discrepancy_legs.sql.
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),

item as materialized (
  select found.discrepancy_id, listed.row_no, listed.place
  from params
  join discrepancy as found
    on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
  cross join unnest(found.row_nos) with ordinality as listed (row_no, place)
)

select item.discrepancy_id, line.transaction_id, line.processor, line.account,
       coalesce(line.keys_written ->> 'refund_id', line.refund_id) as refund_id,
       case when line.keys_written is null then line.payment_ids
         else array(select json_array_elements_text(line.keys_written -> 'payment_ids')) end as payment_id,
       line.type, line.amount, line.refund_fee, line.returned_fee, line.currency,
       line.presented_amount, line.presented_currency, line.occurred_on, processor_file.name as file, line.line,
       case when line.keys_written is null then line.reference_ids
         else array(select json_array_elements_text(line.keys_written -> 'reference_ids')) end as "references",
       reversed.transaction_id as reverses
from params
cross join item
join processor_row as line on line.business_id = params.business_id and line.row_no = item.row_no
join processor_file on processor_file.business_id = params.business_id and processor_file.file_id = line.file_id
left join processor_row as reversed on reversed.business_id = params.business_id and reversed.row_no = line.reversal_of
order by item.discrepancy_id, item.place
