-- What is set aside and nobody has decided of: by the last pull of each direction, and by files that count, but for an
-- unreadable line whose row has since come in with another file. With months given, those dated in them and those without
-- a date. Of a conflict also the stored line that it contradicts.
-- Grain: one row per refund or record set aside.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month),

last_pull_of as (
  select pull.direction, max(pull.pull_id) as pull_id
  from params
  join pull on pull.business_id = params.business_id
  group by pull.direction
)

select aside.business_id, aside.quarantine_id, aside.source, aside.line, aside.kind, aside.reason, aside.raw, aside.item_id,
       aside.dated_on,
       stored.row_no is not null as is_stored, stored.type as stored_type, stored.amount as stored_amount,
       stored.refund_fee as stored_refund_fee, stored.returned_fee as stored_returned_fee,
       stored.currency as stored_currency, stored.presented_amount as stored_presented_amount,
       stored.presented_currency as stored_presented_currency, stored.refund_id as stored_refund_id,
       stored.occurred_at as stored_occurred_at, stored.occurred_on as stored_occurred_on,
       stored.file as stored_file, stored.line as stored_line
from params
join quarantine as aside on aside.business_id = params.business_id
left join processor_file as file on file.business_id = params.business_id and file.file_id = aside.file_id
left join lateral (
  select line.row_no, line.type, line.amount, line.refund_fee, line.returned_fee, line.currency, line.presented_amount,
         line.presented_currency, coalesce(line.keys_written ->> 'refund_id', line.refund_id) as refund_id,
         line.occurred_at, line.occurred_on, origin.name as file, line.line
  from processor_row as line
  join processor_file as origin on origin.business_id = params.business_id and origin.file_id = line.file_id
  where line.business_id = params.business_id and line.processor = aside.processor and line.account = aside.account
    and line.transaction_id = aside.item_id and line.active
) as stored on true
where aside.state = 'open'
  and case when aside.pull_id is not null then aside.pull_id in (select last_pull_of.pull_id from last_pull_of)
    else file.state = 'imported' and not (aside.kind = 'unreadable' and stored.row_no is not null) end
  and (aside.dated_on is null
       or ((params.from_month is null or aside.dated_on >= (params.from_month || '-01')::date)
           and (params.to_month is null or aside.dated_on < (params.to_month || '-01')::date + interval '1 month')))
order by aside.pull_id is null, aside.source collate "C", aside.line nulls last, aside.item_id nulls last, aside.reason
