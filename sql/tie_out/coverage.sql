-- The dates for which processor data has really been imported (spec section 3): per account, files that leave holes of at
-- most coverage_hole_days hang together; a processor's date is covered where every configured account covers it.
-- Grain: one row per processor and unbroken span of dates.
with params as not materialized (select $1::uuid as business_id),
account as (
  select setting.processor, setting.coverage_hole_days, account
  from params join processor_setting setting on setting.business_id = params.business_id
  cross join unnest(setting.accounts) as account
),
step as (
  select account.processor, account.account, account.coverage_hole_days, file.covers_from, file.covers_to,
    max(file.covers_to) over (
      partition by account.processor, account.account order by file.covers_from, file.covers_to
      rows between unbounded preceding and 1 preceding) as before_to
  from params
  join processor_file file on file.business_id = params.business_id and file.covers_from is not null
  join account on account.processor = file.processor and account.account = file.account
),
numbered as (
  select step.*,
    count(*) filter (where before_to is null or covers_from - before_to - 1 > coverage_hole_days) over (
      partition by processor, account order by covers_from, covers_to rows unbounded preceding) as span_no
  from step
),
account_span as (
  select processor, account, daterange(min(covers_from), max(covers_to), '[]') as span
  from numbered group by processor, account, span_no
),
account_cover as (
  -- an account without files covers nothing, and then neither does its processor
  select account.processor, coalesce(range_agg(account_span.span) filter (where account_span.span is not null), '{}') as cover
  from account left join account_span using (processor, account)
  group by account.processor, account.account
),
processor_cover as (
  select processor, range_intersect_agg(cover) as cover from account_cover group by processor
)
insert into coverage_span (business_id, processor, covers_from, covers_to)
select params.business_id, processor_cover.processor, lower(span), upper(span) - 1
from params cross join processor_cover cross join unnest(processor_cover.cover) as span
order by processor_cover.processor, lower(span)
