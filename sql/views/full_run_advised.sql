-- The businesses whose matches were made under other settings than those of now: `tieout reconcile --full` makes them anew.
-- Grain: one row per such business.
select run.business_id
from reconciliation run
join matching_settings now on now.business_id = run.business_id
where now.hash <> run.matching_settings
