-- The unmatched legs, with the date until which files are waited for, and whether they are all there: for a processor that
-- is configured where every date from the leg's to due_on is covered; for any other, and UNASSIGNED, where every configured
-- processor covers its date to that + the largest lag (spec section 5).
-- Grain: one row per unmatched leg.
select leg.business_id, leg.leg_no, leg.direction, leg.on_date + lag.days as due_on,
  case when own.processor is not null then exists (
    select from coverage_span span
    where span.business_id = leg.business_id and span.processor = leg.processor
      and span.covers_from <= leg.on_date and span.covers_to >= leg.on_date + lag.days)
  else largest.days is not null and not exists (
    select from processor_setting setting
    where setting.business_id = leg.business_id and not exists (
      select from coverage_span span
      where span.business_id = setting.business_id and span.processor = setting.processor
        and span.covers_from <= leg.on_date and span.covers_to >= leg.on_date + lag.days))
  end as is_covered
from open_leg leg
join business on business.business_id = leg.business_id
left join processor_setting own on own.business_id = leg.business_id and own.processor = leg.processor
left join lateral (
  select max(setting.settlement_lag_days) as days from processor_setting setting where setting.business_id = leg.business_id
) largest on true
cross join lateral (select coalesce(own.settlement_lag_days, largest.days, 5) as days) lag
where leg.state = 'unmatched' and (business.starts_on is null or leg.on_date >= business.starts_on)
