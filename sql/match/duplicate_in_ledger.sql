-- After pass 1: a leg left over, any of whose identity keys is a row's that the pass took at the leg's own processor
-- (where that has no files here: at any), is booked twice and takes part no further.
-- Grain: one row per duplicate leg.
with params as not materialized (select $1::uuid as business_id),
leg_key as (
  select leg.leg_no, leg.direction, leg.processor, key,
    exists (
      select from params join processor_file file on file.business_id = params.business_id
      where file.processor = leg.processor) as has_files
  from work_leg leg cross join unnest(leg.identity_keys) as key
  where not exists (select from taken_leg taken where taken.leg_no = leg.leg_no)
),
taken as (
  select line.direction, line.processor, line.refund_id, line.transaction_id
  from taken_row join work_row line on line.row_no = taken_row.row_no
)
insert into duplicate_leg
select distinct leg_key.leg_no
from leg_key join taken
  on taken.direction = leg_key.direction and taken.refund_id = leg_key.key
  and (taken.processor = leg_key.processor or not leg_key.has_files)
union
select distinct leg_key.leg_no
from leg_key join taken
  on taken.direction = leg_key.direction and taken.transaction_id = leg_key.key
  and (taken.processor = leg_key.processor or not leg_key.has_files)
