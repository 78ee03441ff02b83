-- Brings the payments that settled pairs wait for to what this run found: of all pairs where it looks at everything ($2 is
-- 0), else of those that it looked at. What is the same is not written again.
-- Grain: one row per pair and payment, written or deleted. Volume: as elsewhere_keys.sql.
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
wanted as (
  select asked.leg_no, asked.key
  from elsewhere_key asked
  where not exists (select from loose_item item where item.item_no = asked.leg_no)
),
judged as (
  select stored.leg_no, stored.key
  from params join awaited_payment stored on stored.business_id = params.business_id
  where params.item_mark = 0
  union all
  select stored.leg_no, stored.key
  from params join open_item item on item.business_id = params.business_id
  join awaited_payment stored on stored.business_id = params.business_id and stored.leg_no = item.item_no
  where params.item_mark > 0
),
gone as (
  delete from awaited_payment stored
  using params, judged
  where stored.business_id = params.business_id and stored.leg_no = judged.leg_no and stored.key = judged.key
    and not exists (select from wanted where wanted.leg_no = stored.leg_no and wanted.key = stored.key)
)
insert into awaited_payment (business_id, leg_no, key)
select params.business_id, wanted.leg_no, wanted.key
from params cross join wanted
where not exists (
  select from awaited_payment stored
  where stored.business_id = params.business_id and stored.leg_no = wanted.leg_no and stored.key = wanted.key)
order by wanted.leg_no, wanted.key
