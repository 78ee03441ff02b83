-- Settles unreadable lines of earlier files: all lines of this file could be read, it is of the same format and of their whole
-- period, and it has every line that they brought. A line whose id and date could be read is settled only by a row of that id.
-- Grain: one row per line settled.
-- $1 business, $2 processor, $3 account, $4 file
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
)

update quarantine as aside
set state = 'settled', settled_file_id = params.file_id
from params
join processor_file as this_file
  on this_file.business_id = params.business_id and this_file.file_id = params.file_id
join processor_file as earlier
  on earlier.business_id = params.business_id and earlier.processor = params.processor
    and earlier.account = params.account and earlier.format = this_file.format
    and earlier.covers_from >= this_file.covers_from and earlier.covers_to <= this_file.covers_to
where aside.business_id = params.business_id and aside.file_id = earlier.file_id and aside.file_id < params.file_id
  and aside.kind = 'unreadable' and aside.state = 'open'
  and (aside.item_id is null or aside.dated_on is null)
  and (aside.dated_on is null or aside.dated_on between this_file.covers_from and this_file.covers_to)
  -- of lines that still earlier files brought only the number is known
  and this_file.records - this_file.accepted >= earlier.accepted + earlier.known
  and not exists (
    select
    from processor_row as line
    where line.business_id = params.business_id and line.file_id = earlier.file_id
      and not exists (select from staged_line as staged where staged.transaction_id = line.transaction_id))
