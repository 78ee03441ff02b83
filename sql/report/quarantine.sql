-- What was set aside and still is: by the last pull of each direction, and by files, but for an unreadable line
-- whose row has since come in with another file. With months given, those dated in them and those without a date.
-- Grain: one row per refund or record set aside.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month),

last_pull as (
  select pull.direction, max(pull.pull_id) as pull_id
  from params
  join pull using (business_id)
  group by pull.direction
),

aside as (
  select quarantine.*
  from params
  join quarantine using (business_id)
  where quarantine.pull_id in (select last_pull.pull_id from last_pull)
     or (quarantine.file_id is not null
         and not (quarantine.kind = 'unreadable'
                  and exists (
                    select from processor_row as line
                    where line.business_id = params.business_id and line.processor = quarantine.processor
                      and line.account = quarantine.account and line.transaction_id = quarantine.item_id)))
)

select aside.business_id, aside.source, aside.line, aside.kind, aside.reason, aside.raw, aside.item_id, aside.dated_on
from params
cross join aside
where aside.dated_on is null
   or ((params.from_month is null or aside.dated_on >= (params.from_month || '-01')::date)
       and (params.to_month is null or aside.dated_on < (params.to_month || '-01')::date + interval '1 month'))
order by aside.pull_id is null, aside.source collate "C", aside.line nulls last, aside.item_id nulls last, aside.reason
