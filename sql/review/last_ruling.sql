-- What a person ruled last about some legs and rows, or took back.
-- Grain: one row, or none. $1 business, $2 legs, $3 rows
select event.event_number, event.at, event.actor, event.kind, event.to_state, event.note
from ruling
join event on event.business_id = $1::uuid and event.subject = 'ruling ' || ruling.ruling_id
where ruling.business_id = $1::uuid and (ruling.leg_nos && $2::bigint[] or ruling.row_nos && $3::bigint[])
order by event.event_number desc
limit 1
