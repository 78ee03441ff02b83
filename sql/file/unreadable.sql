-- Sets the records aside that could not be read; not those that a person dismissed before the file was withdrawn.
-- Grain: one row per unreadable record.
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id, $5::text as name
)

insert into quarantine (
  business_id, file_id, source, line, kind, reason, raw, item_id, dated_on, processor, account)
select
  params.business_id, params.file_id, params.name, staged.line, 'unreadable', staged.reason, staged.raw,
  staged.transaction_id, staged.occurred_on, params.processor, params.account
from params
cross join staged_unreadable as staged
where not exists (
  select
  from quarantine as dismissed
  where dismissed.business_id = params.business_id and dismissed.file_id = params.file_id
    and dismissed.kind = 'unreadable' and dismissed.line = staged.line and dismissed.raw = staged.raw)
order by staged.line
