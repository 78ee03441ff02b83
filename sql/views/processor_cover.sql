-- The dates that a processor covers: all that no account is missing. A date for which no account is asked
-- is covered: nothing is awaited for it.
-- Grain: one row per configured processor; cover reaches to infinity where nothing is asked.
select account.business_id, account.processor,
  range_intersect_agg('{(,)}'::datemultirange - account.missing) as cover
from account_cover account
group by account.business_id, account.processor
