-- The dates that an account's files cover (spec section 3), and those that are missing: for which it is asked, from first_day
-- to last_day, and no file covers them.
-- A file covers what was given with it or what it states of itself, else the dates of its lines, stretched to whole months
-- or years where the account's files stand for those. A period with times covers the dates that the account's files together
-- hold from local midnight to local midnight. Holes of up to coverage_hole_days are closed, also next to first_day and to a
-- last_day that is past.
-- Grain: one row per configured account; cover is empty where no file covers anything.
select account.business_id, account.processor, account.account, whole.cover,
  datemultirange(daterange(account.first_day, account.last_day, '[]')) - whole.cover as missing
from processor_account account
join run_day run on run.business_id = account.business_id
cross join lateral (
  select coalesce(range_agg(daterange(period.first_on, period.last_on, '[]')), '{}') as days
  from (
    select
      case when stretch.is_due then date_trunc(account.files_cover, file.covers_from::timestamp)::date
        else file.covers_from end as first_on,
      case when stretch.is_due then greatest(file.covers_to, least(
          (date_trunc(account.files_cover, file.covers_to::timestamp) + ('1 ' || account.files_cover)::interval)::date,
          -- a file can hold nothing of the days after the run that imported it
          (file.as_of at time zone run.time_zone)::date) - 1)
        else file.covers_to end as last_on
    from processor_file file
    cross join lateral (
      select file.coverage_source = 'dates' and account.files_cover in ('month', 'year') as is_due
    ) stretch
    where file.business_id = account.business_id and file.processor = account.processor and file.account = account.account
      and file.state = 'imported' and file.covers_from <= file.covers_to
      and file.covers_from_at is null and file.covers_to_at is null
  ) period
) dated
cross join lateral (
  select coalesce(range_agg(daterange(full_day.first_on, greatest(full_day.first_on, full_day.day_after))), '{}') as days
  from (
    -- a period that ends at most a second before the next one touches it
    select unnest(range_agg(tstzrange(period.from_at, period.to_at + interval '1 second', '[]'))) as span
    from (
      select
        coalesce(file.covers_from_at, file.covers_from::timestamp at time zone run.time_zone) as from_at,
        coalesce(file.covers_to_at, (file.covers_to + 1)::timestamp at time zone run.time_zone) as to_at
      from processor_file file
      where file.business_id = account.business_id and file.processor = account.processor and file.account = account.account
        and file.state = 'imported' and file.covers_from <= file.covers_to
        and (file.covers_from_at is not null or file.covers_to_at is not null)
    ) period
    where period.from_at <= period.to_at
  ) held
  cross join lateral (
    select (lower(held.span) at time zone run.time_zone)::date as first_on,
      (upper(held.span) at time zone run.time_zone)::date as day_after
  ) local
  cross join lateral (
    select local.day_after,
      case when local.first_on::timestamp at time zone run.time_zone >= lower(held.span) then local.first_on
        else local.first_on + 1 end as first_on
  ) full_day
) timed
cross join lateral (
  -- spans made longer by the tolerated hole run into the next one; what they run into is one span, made shorter again
  select coalesce(range_agg(daterange(lower(joined.span), upper(joined.span) - account.coverage_hole_days)), '{}') as cover
  from (
    select unnest(range_agg(daterange(lower(days.span), upper(days.span) + account.coverage_hole_days))) as span
    from unnest(dated.days + timed.days) as days (span)
  ) joined
) closed
cross join lateral (
  select min(greatest(lower(span), account.first_day)) as covered_on
  from unnest(closed.cover) as span
  where upper(span) > account.first_day
) begins
cross join lateral (
  select max(least(upper(span) - 1, account.last_day)) as covered_on
  from unnest(closed.cover) as span
  where lower(span) <= account.last_day
) ends
cross join lateral (
  select closed.cover
    + case when begins.covered_on - account.first_day <= account.coverage_hole_days
        then datemultirange(daterange(account.first_day, begins.covered_on)) else '{}' end
    + case when account.last_day - ends.covered_on <= account.coverage_hole_days and account.last_day < run.today
        then datemultirange(daterange(ends.covered_on, account.last_day, '[]')) else '{}' end as cover
) whole
