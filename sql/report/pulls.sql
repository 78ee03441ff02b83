-- The last pull of each direction: what the ledger side of this report was read from.
-- Grain: one row per direction.
-- $1 business
with params as (select $1::uuid as business_id)

select distinct on (pull.direction)
       pull.business_id, pull.pull_id, pull.direction, pull.as_of, pull.started_at, pull.finished_at,
       pull.complete, pull.maybe_cut, pull.refunds, pull.quarantined, pull.empty_legs, pull.pages, pull.bytes, pull.sha256, pull.problem
from params
join pull using (business_id)
order by pull.direction, pull.pull_id desc
