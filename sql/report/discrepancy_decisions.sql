-- What a person decided of some findings: the last event that resolved each.
-- Grain: one row per discrepancy that is resolved.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids)

select distinct on (event.subject)
       event.subject as discrepancy_id, event.details::json ->> 'as' as "as", event.actor as by, event.at, event.note
from params
join discrepancy as found
  on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
join event on event.business_id = params.business_id and event.subject = found.discrepancy_id
where found.status = 'resolved' and event.to_state = 'resolved'
order by event.subject, event.event_number desc
