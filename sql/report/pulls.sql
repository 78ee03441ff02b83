-- The last pull of each direction: what the ledger side of this report was read from.
-- Grain: one row per business and direction.
-- $1 businesses
with params as (select $1::uuid[] as business_ids)

select distinct on (pull.business_id, pull.direction)
       pull.business_id, pull.pull_id, pull.direction, pull.as_of, pull.started_at, pull.finished_at,
       pull.complete, pull.maybe_cut, pull.refunds, pull.quarantined, pull.empty_legs, pull.pages, pull.bytes, pull.sha256, pull.problem
from params
join pull on pull.business_id = any (params.business_ids)
order by pull.business_id, pull.direction, pull.pull_id desc
