-- Up to which date the reports of each configured processor are here; with several accounts, of the one behind.
-- Grain: one row per configured processor.
-- $1 business
with params as (select $1::uuid as business_id),

reached as (
  select asked.processor, asked.account, max(file.covers_to) as covers_to, count(file.file_id) as files
  from params
  join processor_account as asked on asked.business_id = params.business_id
  left join processor_file as file
    on file.business_id = params.business_id and file.processor = asked.processor and file.account = asked.account
       and file.state = 'imported'
  group by asked.processor, asked.account
)

select processor,
       sum(files)::bigint as files,
       case when bool_and(covers_to is not null) then min(covers_to) end as covers_to
from reached
group by processor
order by processor collate "C"
