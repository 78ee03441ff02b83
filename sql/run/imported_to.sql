-- Up to which date the reports of each configured processor are here; with several accounts, of the one behind.
-- Grain: one row per configured processor.
-- $1 business
with params as (select $1::uuid as business_id),
accounts as (
  select setting.business_id, setting.processor, account
  from params
  join processor_setting setting using (business_id)
  cross join unnest(setting.accounts) as account
),
reached as (
  select accounts.processor, accounts.account, max(file.covers_to) as covers_to, count(file.file_id) as files
  from accounts
  left join processor_file file using (business_id, processor, account)
  group by accounts.processor, accounts.account
)

select processor,
       sum(files)::bigint as files,
       case when bool_and(covers_to is not null) then min(covers_to) end as covers_to
from reached
group by processor
order by processor collate "C"
