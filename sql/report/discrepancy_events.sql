-- What happened to some findings: runs and persons, from the first event on.
-- Grain: one row per event. $1 business, $2 discrepancy ids (a batch, some thousands)
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids)

select event.subject as discrepancy_id, event.event_number, event.at, event.actor as by, event.kind,
       event.from_state as "from", event.to_state as "to", event.note,
       event.details::json ->> 'as' as "as", event.details::json ->> 'due_on' as due_on
from params
cross join unnest(params.discrepancy_ids) as asked (discrepancy_id)
join event on event.business_id = params.business_id and event.subject = asked.discrepancy_id
order by event.event_number
