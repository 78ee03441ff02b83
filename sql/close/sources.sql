-- What a month's figures come from: the last pull of each direction, and the files that cover a date of the month or have a line in it.
-- Grain: one row per pull or file. $1 business, $2 month
with params as not materialized (
  select $1::uuid as business_id, to_date($2::text, 'YYYY-MM') as first_day, (to_date($2::text, 'YYYY-MM') + interval '1 month')::date as day_after
)

select 'pull' as kind, last.pull_id as id, last.direction || ' refunds' as name, null as processor, null as account, null as format,
  last.sha256, last.as_of, null::date as covers_from, null::date as covers_to, last.refunds as records
from params
cross join (values ('customer'), ('vendor')) as asked (direction)
cross join lateral (
  select pull.* from pull
  where pull.business_id = params.business_id and pull.direction = asked.direction
  order by pull.pull_id desc
  limit 1
) last
union all
select 'file', file.file_id, file.name, file.processor, file.account, file.format, file.sha256, file.as_of, file.covers_from, file.covers_to,
  file.records
from params
join processor_file file on file.business_id = params.business_id and file.state = 'imported'
where file.covers_from < params.day_after and file.covers_to >= params.first_day
  or file.file_id in (
    select line.file_id from processor_row line
    where line.business_id = params.business_id and line.occurred_on >= params.first_day and line.occurred_on < params.day_after and line.active)
order by 1, 2
