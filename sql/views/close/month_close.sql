-- The closes of months with what became of them: prepared waits for another person, closed stands, superseded was reopened or
-- void. The last event about a close says it.
-- Grain: one row per close.
select close.business_id, close.month, close.edition, close.prepared_by, close.prepared_at, close.four_eyes, close.accept_open,
  close.sha256,
  case last.kind when 'month_prepared' then 'prepared' when 'month_closed' then 'closed' else 'superseded' end as state,
  case when close.four_eyes then signed.actor end as reviewed_by, signed.at as closed_at,
  coalesce(signed.event_number, last.event_number) as event_number, coalesce(signed.hash, last.hash) as event_hash
from close
cross join lateral (
  select event.kind, event.event_number, event.hash from event
  where event.business_id = close.business_id and event.subject = 'close ' || close.month || '/' || close.edition
  order by event.event_number desc
  limit 1
) last
left join event signed
  on signed.business_id = close.business_id and signed.subject = 'close ' || close.month || '/' || close.edition
  and signed.kind = 'month_closed'
