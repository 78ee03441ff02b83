-- What the last run left open, and what pulls have touched since.
-- Grain: one row per item.
with params as not materialized (select $1::uuid as business_id)
insert into work_item
select item.item_no from params join open_item item on item.business_id = params.business_id
union
select touched.leg_no from params join touched_leg touched on touched.business_id = params.business_id
