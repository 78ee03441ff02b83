-- What may be said of each month (spec section 8), with the reasons. incomplete: a last pull is not complete or may be cut
-- off, records are quarantined, dates are not covered, a stated total does not hold, or a difference is unexplained; else
-- discrepant: errors are open; else waiting: timing findings are open; else reconciled.
-- Grain: one row per month from the first with a tie-out line to that of as_of, not before starts_on, but for stretches of
-- twelve months or more without a line between two months with lines; the month of as_of where there is no line. Written
-- where it differs from what is stored; the verdict of a closed month stays as it was signed. $1 business
with own as materialized (
  select run.today, run.starts_on, date_trunc('month', run.today::timestamp) as this_month
  from run_day run
  where run.business_id = $1::uuid
),
line_month as (
  select known.month, lead(known.month) over (order by known.month) as next_month
  from own
  cross join lateral (
    select distinct to_date(line.month, 'YYYY-MM')::timestamp as month from tie_out_line line where line.business_id = $1::uuid
  ) known
  where known.month <= own.this_month
),
verdict_month as materialized (
  select to_char(begin.month, 'YYYY-MM') as month, begin.month::date as first_day, (begin.month + interval '1 month')::date as day_after
  from own
  cross join lateral (
    select generate_series(line_month.month,
      case when line_month.next_month > line_month.month + interval '12 months' then line_month.month
        else coalesce(line_month.next_month - interval '1 month', own.this_month) end,
      interval '1 month') as month
    from line_month
    union all
    select own.this_month where not exists (select from line_month)
  ) begin
  where own.starts_on is null or begin.month >= own.starts_on
),
pull_reason as (
  select month.month, 1 as rank, case when last.pull_id is null then 'NEVER_PULLED' when last.complete then 'PULL_MAY_BE_CUT' else 'PULL_INCOMPLETE' end as code,
    asked.direction || ' refunds: '
      || case when last.pull_id is null then 'never pulled from Layer'
        when last.complete then 'the last pull may be cut off, Layer answered with exactly 100 refunds'
        else 'the last pull is not complete' || coalesce(' (' || last.problem || ')', '') end as text
  from (values ('customer'), ('vendor')) as asked (direction)
  left join lateral (
    select pull.pull_id, pull.complete, pull.maybe_cut, pull.problem
    from pull
    where pull.business_id = $1::uuid and pull.direction = asked.direction
    order by pull.pull_id desc
    limit 1
  ) last on true
  cross join verdict_month month
  where last.pull_id is null or not last.complete or last.maybe_cut
),
quarantined as materialized (
  select item.quarantine_id, item.source, item.file_id, to_char(item.dated_on, 'YYYY-MM') as month,
    -- no month of its own: without a date, or in a month that has no verdict though it is not before starts_on
    item.dated_on is null or (
      (own.starts_on is null or item.dated_on >= own.starts_on)
      and not exists (select from verdict_month month where item.dated_on >= month.first_day and item.dated_on < month.day_after)
    ) as counts_with_file
  from own
  join open_quarantine item on item.business_id = $1::uuid
),
quarantined_file as (
  select distinct file.file_id, file.processor, file.account, file.covers_from, file.covers_to, file.known > 0 as has_known
  from quarantined item
  join processor_file file on file.business_id = $1::uuid and file.file_id = item.file_id
  where item.counts_with_file
),
file_span as (
  -- what is looked for in a file: its lines of each month with a verdict, and those before starts_on (month null)
  select file.file_id, file.processor, file.account, file.has_known, month.month,
    greatest(month.first_day, file.covers_from) as first_on, least(month.day_after - 1, file.covers_to) as last_on,
    month.first_day, month.day_after
  from quarantined_file file
  cross join (
    select month, first_day, day_after from verdict_month
    union all
    select null, '-infinity', own.starts_on from own where own.starts_on is not null
  ) month
),
file_month as (
  -- of lines that were known before, the stored ones of the file's period stand for those of the file
  select span.file_id, span.month
  from file_span span
  where exists (
      select from processor_row line
      where line.business_id = $1::uuid and line.occurred_on between span.first_on and span.last_on and line.active
        and line.processor = span.processor and line.account = span.account
        and (line.file_id = span.file_id or span.has_known))
    or exists (
      select from quarantine other
      where other.business_id = $1::uuid and other.file_id = span.file_id
        and other.dated_on >= span.first_day and other.dated_on < span.day_after)
),
quarantine_month as (
  select item.quarantine_id, item.source, item.month from quarantined item where not item.counts_with_file
  union all
  select item.quarantine_id, item.source, own_month.month
  from quarantined item
  join file_month own_month on own_month.file_id = item.file_id
  where item.counts_with_file
  union all
  select item.quarantine_id, item.source, month.month
  from quarantined item
  cross join verdict_month month
  where item.counts_with_file and not exists (select from file_month own_month where own_month.file_id = item.file_id)
),
quarantine_reason as (
  select item.month, 2 as rank, 'QUARANTINED' as code,
    case count(*) when 1 then '1 record of ' || item.source || ' is in quarantine'
      else count(*) || ' records of ' || item.source || ' are in quarantine' end as text
  from quarantine_month item
  group by item.month, item.source
),
missing_day as (
  select month.month, account.processor, account.account,
    count(*) over (partition by account.processor, month.month) > 1 as is_one_of_several,
    account.missing * datemultirange(daterange(month.first_day, greatest(month.first_day, least(month.day_after, own.today)))) as days
  from own
  join account_cover account on account.business_id = $1::uuid
  cross join verdict_month month
),
coverage_reason as (
  select missing.month, 3 as rank, 'NOT_COVERED' as code,
    coalesce(named.name, missing.processor)
      || case when not missing.is_one_of_several then '' when missing.account = '' then ' (account without a name)'
        else ' (' || missing.account || ')' end
      || ': no file covers ' || concat_ws(' and ', nullif(array_to_string(holes.texts[:cardinality(holes.texts) - 1], ', '), ''),
        holes.texts[cardinality(holes.texts)]) as text
  from missing_day missing
  left join processor_name named on named.processor = missing.processor
  cross join lateral (
    select array_agg(
      case when upper(hole) - lower(hole) > 1 then to_char(lower(hole), 'FMDD') || ' to ' else '' end
        || to_char(upper(hole) - 1, 'FMDD Mon') order by lower(hole)) as texts
    from unnest(missing.days) as hole
  ) holes
  where not isempty(missing.days)
),
total_reason as (
  select distinct month.month, 4 as rank, 'TOTAL_DOES_NOT_HOLD' as code,
    file.name || ': a total that the file states does not hold' as text
  from processor_file file
  join verdict_month month
    on file.covers_from is null or (file.covers_from < month.day_after and file.covers_to >= month.first_day)
  where file.business_id = $1::uuid and file.state = 'imported' and not file.totals_hold
),
unexplained_reason as (
  select line.month, 5 as rank, 'UNEXPLAINED' as code,
    coalesce(named.name, line.processor) || ', ' || line.direction || ' refunds in ' || line.currency || ': a difference in '
      || string_agg(replace(line.measure, '_', ' ') || 's', ', ' order by line.measure collate "C")
      || ' that no finding explains, a fault of this product' as text
  from tie_out_line line
  left join processor_name named on named.processor = line.processor
  where line.business_id = $1::uuid and line.unexplained <> 0
  group by line.month, named.name, line.processor, line.direction, line.currency
),
closed as materialized (
  select signed.month from month_close signed where signed.business_id = $1::uuid and signed.state = 'closed'
),
counted as (
  select stored.discrepancy_id, known.class, stored.due_on, coalesce(own_month.month, first_open.month) as month
  from discrepancy stored
  join check_code known on known.code = stored.code and known.class in ('error', 'timing')
  left join finding_month own_month on own_month.business_id = $1::uuid and own_month.discrepancy_id = stored.discrepancy_id
  left join (
    select min(month.month) as month from verdict_month month where month.month > (select max(closed.month) from closed)
  ) first_open on stored.code = 'CHANGED_AFTER_CLOSE'
  where stored.business_id = $1::uuid and stored.status in ('open', 'acknowledged')
),
finding_count as (
  select found.month,
    count(*) filter (where found.class = 'error') as errors, count(*) filter (where found.class = 'timing') as waiting,
    count(*) filter (where found.due_on < own.today) as overdue, own.today - min(found.due_on) as overdue_days,
    max(found.due_on) filter (where found.due_on >= own.today) as due_on
  from own
  cross join counted found
  group by found.month, own.today
),
finding_reason as (
  select found.month, 6 as rank, 'OPEN_ERRORS' as code,
    case found.errors when 1 then '1 item to correct' else found.errors || ' items to correct' end
      || coalesce(', ' || said.net || ' net', '') || coalesce(', vendor refunds ' || said.vendor_net || ' net', '') || coalesce(', fees differ by ' || said.fees, '') as text,
    found.errors as count
  from finding_count found
  left join error_sum said on said.business_id = $1::uuid and said.month = found.month
  where found.errors > 0
  union all
  select found.month, 7, 'WAITING',
    case found.waiting when 1 then '1 refund still to arrive' else found.waiting || ' refunds still to arrive' end
      || case when found.overdue = 0 then '' else case when found.overdue = found.waiting then ', overdue ' else ', ' || found.overdue || ' of them overdue ' end
        || case when found.overdue > 1 then 'by up to ' else '' end || case found.overdue_days when 1 then '1 day' else found.overdue_days || ' days' end end
      || coalesce(', due by ' || to_char(found.due_on,
        case when to_char(found.due_on, 'YYYY') = left(found.month, 4) then 'FMDD Mon' else 'FMDD Mon YYYY' end), ''),
    found.waiting
  from finding_count found
  where found.waiting > 0
),
reason as (
  select month, rank, code, text, null::bigint as count from pull_reason
  union all select month, rank, code, text, null from quarantine_reason
  union all select month, rank, code, text, null from coverage_reason
  union all select month, rank, code, text, null from total_reason
  union all select month, rank, code, text, null from unexplained_reason
  union all select month, rank, code, text, count from finding_reason
),
said as (
  select month.month,
    case when min(reason.rank) is null then 'reconciled' when min(reason.rank) < 6 then 'incomplete'
      when min(reason.rank) = 6 then 'discrepant' else 'waiting' end as verdict,
    coalesce(
      json_agg(json_build_object('code', reason.code, 'text', reason.text, 'count', reason.count) order by reason.rank, reason.text collate "C")
        filter (where reason.rank is not null), '[]') as reasons
  from verdict_month month
  left join reason on reason.month = month.month
  where month.month not in (select closed.month from closed)
  group by month.month
),
gone as (
  delete from month_verdict stored
  where stored.business_id = $1::uuid and stored.month not in (select month from verdict_month)
    and stored.month not in (select closed.month from closed)
)
insert into month_verdict as stored (business_id, month, verdict, reasons)
select $1::uuid, said.month, said.verdict, said.reasons
from said
on conflict (business_id, month) do update set verdict = excluded.verdict, reasons = excluded.reasons
where (stored.verdict, stored.reasons::text) <> (excluded.verdict, excluded.reasons::text)
