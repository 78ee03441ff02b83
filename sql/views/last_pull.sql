-- The last pull of a direction that this run may conclude from: complete, and not after the run's as_of. A pull that may be
-- cut off concludes nothing (spec section 2): dated_on is then that of the last one that does.
-- Grain: one row per business and direction with a complete pull.
select pull.business_id, pull.direction,
  max((pull.as_of at time zone business.time_zone)::date) filter (where not pull.maybe_cut) as dated_on,
  (array_agg(pull.maybe_cut order by pull.as_of desc, pull.pull_id desc))[1] as maybe_cut
from pull
join business on business.business_id = pull.business_id
join reconciliation run on run.business_id = pull.business_id
where pull.complete and pull.as_of <= run.as_of
group by pull.business_id, pull.direction
