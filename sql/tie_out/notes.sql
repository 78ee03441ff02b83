-- What a reader of the report should know beside the findings; written where it differs from what is stored.
--   BEFORE_START: how many legs, and rows by currency, lie before starts_on. Counted again only where a month before
--     starts_on is touched; until then the last run's count stands.
--   LEDGER_DATES: ten refunds or more, and nine of ten, stand at midnight UTC while ledger_dates says instant. Looks at the
--     latest 1000 legs.
--   USUAL_LAG: ten matches or more of pass 1 of a processor, and more than half, lie the same number of days apart, first leg
--     to first row, which is not usual_lag_days. Looks at the matches of the latest 1000 legs that pass 1 matched.
--   STRAY_LINES: lines of a file whose dates cover nothing, since they are too late or far from all others.
-- Grain: one row per note. $1 business, $2 whether all months are touched, $3 else the months, as YYYY-MM
with own as materialized (
  select business.starts_on, business.ledger_dates, business.currency, to_char(business.starts_on, 'FMDD Mon YYYY') as starts,
    $2::boolean or exists (
      select from unnest($3::text[]) as touched (month) where to_date(touched.month, 'YYYY-MM') < business.starts_on
    ) as is_counted
  from business
  where business.business_id = $1::uuid
),
before_start as (
  select 'BEFORE_START' as code, counted.place,
    counted.count || case when counted.count = 1 then counted.one else counted.one || 's' end || ', '
      || to_char(counted.amount / 10::numeric ^ coalesce(minor.digits, 2), coalesce(minor.pattern, 'FM999,999,999,999,999,990.00'))
      || ' ' || counted.currency || ', before ' || own.starts || ': not compared' as text,
    counted.count, counted.amount
  from own
  cross join lateral (
    select 1 as place, ' refund' as one, own.currency, count(*) as count, sum(leg.amount) as amount
    from leg
    where leg.business_id = $1::uuid and leg.on_date < own.starts_on
    having count(*) > 0
    union all
    select 1 + row_number() over (order by line.currency)::integer, ' refund line', line.currency, count(*), sum(line.amount)
    from refund_row line
    where line.business_id = $1::uuid and line.on_date < own.starts_on
    group by line.currency
  ) counted
  left join minor_unit minor on minor.currency = counted.currency
  where own.is_counted
  union all
  select stored.code, stored.place, stored.text, stored.count, stored.amount
  from own
  join note stored on stored.business_id = $1::uuid and stored.code = 'BEFORE_START'
  where not own.is_counted and own.starts_on is not null
),
ledger_dates as (
  select 'LEDGER_DATES' as code, 1 as place,
    counted.at_midnight || ' of the latest ' || counted.refunds || ' refunds in the books stand at exactly midnight UTC: '
      || 'where Layer means the date alone, set ledger_dates: date' as text,
    counted.at_midnight as count, null::numeric as amount
  from own
  cross join lateral (
    select count(*) as refunds, count(*) filter (where refund.is_at_midnight) as at_midnight
    from (
      select bool_and(latest.completed_at is not null and (latest.completed_at at time zone 'UTC')::time = '00:00') as is_at_midnight
      from (
        select leg.direction, leg.refund_id, leg.completed_at
        from ledger_leg leg
        where leg.business_id = $1::uuid and leg.active
        order by leg.leg_no desc
        limit 1000
      ) latest
      group by latest.direction, latest.refund_id
    ) refund
  ) counted
  where own.ledger_dates = 'instant' and counted.refunds >= 10 and counted.at_midnight * 10 >= counted.refunds * 9
),
latest_match as materialized (
  select matched.match_no, matched.leg_no, matched.row_no
  from match_item matched
  where matched.business_id = $1::uuid and matched.pass = 'refund_id' and matched.leg_no is not null
  order by matched.leg_no desc
  limit 1000
),
latest_item as (
  select match_no, leg_no, row_no from latest_match where row_no is not null
  union all
  select larger.match_no, member.leg_no, member.row_no
  from (select distinct match_no from latest_match where row_no is null) larger
  join match_item member on member.business_id = $1::uuid and member.match_no = larger.match_no
    and (member.leg_no is null or member.row_no is null)
),
lag_days as (
  select item.match_no, min(line.processor) as processor, min(line.occurred_on) - min(leg.completed_on) as days
  from latest_item item
  left join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no
  left join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
  group by item.match_no
),
usual_lag as (
  select 'USUAL_LAG' as code, row_number() over (order by counted.processor)::integer as place,
    coalesce(named.name, counted.processor) || ' dates ' || counted.alike || ' of the latest ' || counted.matches || ' matched refunds '
      || case when counted.days = 0 then 'on the day of the books'
        else abs(counted.days) || case abs(counted.days) when 1 then ' day ' else ' days ' end
          || case when counted.days > 0 then 'after' else 'before' end || ' the books' end
      || ': set usual_lag_days: ' || counted.days as text,
    counted.alike as count, null::numeric as amount
  from (
    select lag_days.processor, lag_days.days, count(*) as alike, (sum(count(*)) over (partition by lag_days.processor))::bigint as matches
    from lag_days
    group by lag_days.processor, lag_days.days
  ) counted
  join processor_setting setting on setting.business_id = $1::uuid and setting.processor = counted.processor
  left join processor_name named on named.processor = counted.processor
  where counted.matches >= 10 and counted.alike * 2 > counted.matches and counted.days <> setting.usual_lag_days
),
stray_lines as (
  select 'STRAY_LINES' as code, row_number() over (order by file.file_id)::integer as place,
    file.name || ': ' || stray.text || case when stray.count = 1 then ' is a date' else ' are dates' end
      || ' too late or too far from all others, and cover' || case when stray.count = 1 then 's' else '' end || ' nothing' as text,
    stray.count, null::numeric as amount
  from processor_file file
  cross join lateral (
    select count(*) as count,
      string_agg(to_char((entry ->> 'dated_on')::date, 'FMDD Mon YYYY') || ' in line ' || (entry ->> 'line'), ', ' order by (entry ->> 'line')::bigint) as text
    from json_array_elements(file.stray_lines) as entry
  ) stray
  where file.business_id = $1::uuid and file.state = 'imported' and stray.count > 0
),
said as (
  select code, place, text, count, amount from before_start
  union all select code, place, text, count, amount from ledger_dates
  union all select code, place, text, count, amount from usual_lag
  union all select code, place, text, count, amount from stray_lines
),
gone as (
  delete from note stored
  where stored.business_id = $1::uuid and stored.code in ('BEFORE_START', 'LEDGER_DATES', 'USUAL_LAG', 'STRAY_LINES')
    and not exists (select from said where said.code = stored.code and said.place = stored.place)
)
insert into note as stored (business_id, code, place, text, count, amount)
select $1::uuid, said.code, said.place, said.text, said.count, said.amount
from said
on conflict (business_id, code, place) do update set text = excluded.text, count = excluded.count, amount = excluded.amount
where (stored.text, stored.count, stored.amount) is distinct from (excluded.text, excluded.count, excluded.amount)
