-- The last pull of each direction, and the last one that was complete.
-- Grain: one row per direction that was ever pulled.
-- $1 business
with params as not materialized (select $1::uuid as business_id)

select distinct on (pull.direction collate "C")
       pull.direction, pull.as_of, pull.complete, pull.maybe_cut, pull.refunds, pull.quarantined, pull.problem,
       (select max(earlier.as_of)
        from pull earlier
        where earlier.business_id = params.business_id
          and earlier.direction = pull.direction
          and earlier.complete) as complete_as_of
from params
join pull using (business_id)
order by pull.direction collate "C", pull.pull_id desc
