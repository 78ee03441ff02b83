-- What may be said of each month (spec section 8). incomplete: a last pull is not complete or may be cut, something is
-- quarantined (of that month, or of no readable date), dates of the month before the day of as_of are not covered, a
-- stated total does not hold, or something is unexplained; else discrepant: errors are open; else waiting: timing
-- findings are open; else reconciled. The months: those with a leg, a row or coverage; where there are none, that of as_of.
-- Grain: one row per month, with its reasons in the order above.
with params as not materialized (
  select $1::uuid as business_id, $2::timestamptz as as_of, $3::text[] as error_codes, $4::text[] as timing_codes
),
own as not materialized (
  select params.business_id, params.error_codes, params.timing_codes,
    (params.as_of at time zone business.time_zone)::date as today
  from params join business on business.business_id = params.business_id
),
known_month as (
  select line.month from own join tie_out_line line on line.business_id = own.business_id
  union
  select outside.month from own join outside_total outside on outside.business_id = own.business_id
  union
  select to_char(day, 'YYYY-MM')
  from own join coverage_span span on span.business_id = own.business_id and span.covers_from <= own.today
  cross join generate_series(date_trunc('month', span.covers_from::timestamp), least(span.covers_to, own.today)::timestamp, interval '1 month') as day
),
month as (
  select month, to_date(month, 'YYYY-MM') as first_day, (to_date(month, 'YYYY-MM') + interval '1 month')::date - 1 as last_day
  from (
    select month from known_month
    union all
    select to_char(own.today, 'YYYY-MM') from own where not exists (select from known_month)
  ) months
),
last_pull as (
  select distinct on (pull.direction) pull.*
  from own join pull on pull.business_id = own.business_id
  order by pull.direction, pull.pull_id desc
),
pull_reason as (
  select month.month, 1 as rank,
    case when last_pull.pull_id is null then format('the %s refunds were never pulled', asked.direction)
      when not last_pull.complete then format('the last pull of the %s refunds is not complete: %s', asked.direction, last_pull.problem)
      else format('the last pull of the %s refunds may be cut off: an unpaged answer of exactly 100 refunds', asked.direction) end as reason
  from month cross join unnest(array['customer', 'vendor']) as asked (direction)
  left join last_pull on last_pull.direction = asked.direction
  where last_pull.pull_id is null or not last_pull.complete or last_pull.maybe_cut
),
set_aside as (
  select item.source, item.dated_on
  from own join quarantine item on item.business_id = own.business_id
  where item.pull_id in (select pull_id from last_pull)
     or item.file_id is not null and not (
       item.kind = 'unreadable' and item.item_id is not null and exists (
         -- a later file brought the line readable
         select from processor_row line
         where line.business_id = own.business_id and line.processor = item.processor and line.account = item.account
           and line.transaction_id = item.item_id))
),
quarantine_reason as (
  select month.month, 2, format('%s quarantined in %s', case count(*) when 1 then '1 record is' else count(*) || ' records are' end, set_aside.source)
  from month join set_aside on set_aside.dated_on is null or set_aside.dated_on between month.first_day and month.last_day
  group by month.month, set_aside.source
),
uncovered as (
  select month.month, setting.processor,
    datemultirange(daterange(month.first_day, least(month.last_day, own.today - 1), '[]'))
      - coalesce((
          select range_agg(daterange(span.covers_from, span.covers_to, '[]'))
          from coverage_span span
          where span.business_id = own.business_id and span.processor = setting.processor), '{}') as days
  from own
  join processor_setting setting on setting.business_id = own.business_id
  join month on month.first_day < own.today
),
coverage_reason as (
  select uncovered.month, 3, format('%s data is missing from %s to %s', uncovered.processor, lower(hole), upper(hole) - 1)
  from uncovered cross join unnest(uncovered.days) as hole
),
total_reason as (
  select month.month, 4, format('a total that %s states does not hold', file.name)
  from own join processor_file file on file.business_id = own.business_id and not file.totals_hold
  join month on file.covers_from is null or (file.covers_from <= month.last_day and file.covers_to >= month.first_day)
),
unexplained_reason as (
  select line.month, 5, format('%s of the %s %s refunds is not explained: %s in minor units of %s', line.measure, line.processor, line.direction, line.unexplained, line.currency)
  from own join tie_out_line line on line.business_id = own.business_id and line.unexplained <> 0
),
standing as (
  select stored.discrepancy_id, stored.dated_on, stored.refund_id, own.today,
    stored.code = any(own.error_codes) as error
  from own join discrepancy stored on stored.business_id = own.business_id and stored.status in ('open', 'acknowledged')
  where stored.code = any(own.error_codes || own.timing_codes)
),
touched as (
  select standing.discrepancy_id, standing.error, to_char(leg.completed_on, 'YYYY-MM') as month
  from own cross join standing
  join discrepancy_leg listed on listed.business_id = own.business_id and listed.discrepancy_id = standing.discrepancy_id
  join ledger_leg leg on leg.business_id = own.business_id and leg.leg_no = listed.leg_no
  union
  select standing.discrepancy_id, standing.error, to_char(line.occurred_on, 'YYYY-MM')
  from own cross join standing
  join discrepancy_row listed on listed.business_id = own.business_id and listed.discrepancy_id = standing.discrepancy_id
  join processor_row line on line.business_id = own.business_id and line.row_no = listed.row_no
  where line.type <> 'payment'
  union
  select discrepancy_id, error, to_char(coalesce(dated_on, today), 'YYYY-MM') from standing where refund_id is not null
),
open_findings as (
  select month, count(distinct discrepancy_id) filter (where error) as errors, count(distinct discrepancy_id) filter (where not error) as timing
  from touched group by month
),
finding_reason as (
  select month, 6, case errors when 1 then '1 error is open' else errors || ' errors are open' end from open_findings where errors > 0
  union all
  select month, 7, case timing when 1 then '1 refund is waited for' else timing || ' refunds are waited for' end from open_findings where timing > 0
),
reason as (
  select * from pull_reason
  union all select * from quarantine_reason
  union all select * from coverage_reason
  union all select * from total_reason
  union all select * from unexplained_reason
  union all select * from finding_reason
)
insert into month_verdict (business_id, month, verdict, reasons)
select own.business_id, month.month,
  case min(reason.rank) when 6 then 'discrepant' when 7 then 'waiting' else case when min(reason.rank) is null then 'reconciled' else 'incomplete' end end,
  coalesce(array_agg(reason.reason order by reason.rank, reason.reason collate "C") filter (where reason.rank is not null), '{}')
from own cross join month left join reason on reason.month = month.month
group by own.business_id, month.month
order by month.month
