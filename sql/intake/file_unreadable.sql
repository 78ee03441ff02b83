-- Sets the lines aside that could not be read.
-- Grain: one row per unreadable line.
-- $1 business, $2 processor, $3 account, $4 file
with params as (select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id)

insert into quarantine (
  business_id, file_id, source, line, kind, reason, raw, item_id, dated_on, processor, account)
select
  params.business_id, params.file_id, processor_file.name, staged.line, 'unreadable', staged.reason, staged.raw,
  staged.transaction_id, staged.occurred_on, params.processor, params.account
from params
join processor_file using (business_id, file_id)
join staged_line as staged on staged.reason is not null
order by staged.line
