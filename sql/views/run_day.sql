-- The date of a run's as_of in the business's time zone: the first date that is not over.
-- Grain: one row per business that was ever reconciled.
select run.business_id, run.as_of, (run.as_of at time zone business.time_zone)::date as today, business.time_zone,
  business.starts_on
from reconciliation run
join business on business.business_id = run.business_id
