-- The dates that a processor covers: those for which every account that is asked for them has files. A date for which no
-- account is asked is covered: nothing is awaited for it.
-- Grain: one row per configured processor; cover reaches to infinity where nothing is asked.
select account.business_id, account.processor,
  range_intersect_agg('{(,)}'::datemultirange - (account.asked - account.cover)) as cover
from account_cover account
group by account.business_id, account.processor
