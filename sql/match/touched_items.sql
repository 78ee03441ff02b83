-- Opens the legs that pulls have touched since the last run.
-- Grain: one row per leg that was not open.
with params as not materialized (select $1::uuid as business_id)
insert into open_item (business_id, item_no)
select distinct params.business_id, touched.leg_no
from params join touched_leg touched on touched.business_id = params.business_id
on conflict do nothing
