-- What a reader of the report should know: as the last run noted it, and whether the matches are those of today's settings.
-- Grain: one row per note.
-- $1 business
with params as not materialized (select $1::uuid as business_id)

select note.business_id, note.code, note.text, note.count, note.amount
from (
  select stored.business_id, stored.code, stored.place, stored.text, stored.count, stored.amount
  from params
  join note stored using (business_id)
  union all
  select advised.business_id, 'FULL_RUN_ADVISED', 1,
         'A setting that matters to matching changed; matches made before stay as they were until `tieout reconcile --full`',
         null, null
  from params
  join full_run_advised advised using (business_id)
) note
order by note.code, note.place
