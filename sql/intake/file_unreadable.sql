-- Sets lines aside that could not be read.
-- Grain: one row per unreadable line.
-- $1 business, $2 processor, $3 account, $4 file; of each line $5 its number, $6 the reason, $7 its raw text, and where
-- they could be read $8 its transaction id and $9 its date
-- Volume: some thousand at once at most.
with params as (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id,
         $5::bigint[] as lines, $6::text[] as reasons, $7::text[] as raws, $8::text[] as transaction_ids,
         $9::date[] as dates
)

insert into quarantine (
  business_id, file_id, source, line, kind, reason, raw, item_id, dated_on, processor, account)
select
  params.business_id, params.file_id, processor_file.name, unreadable.line, 'unreadable', unreadable.reason,
  unreadable.raw, unreadable.transaction_id, unreadable.dated_on, params.processor, params.account
from params
join processor_file using (business_id, file_id)
cross join unnest(params.lines, params.reasons, params.raws, params.transaction_ids, params.dates)
  as unreadable (line, reason, raw, transaction_id, dated_on)
order by unreadable.line
