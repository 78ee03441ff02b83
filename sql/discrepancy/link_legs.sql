-- The legs of what is found, brought up to date; those of cleared discrepancies stay.
-- Grain: one row per discrepancy and leg, written or deleted only where it differs.
with params as not materialized (select $1::uuid as business_id),
listed as (
  select distinct finding.discrepancy_id, item.item_no as leg_no
  from finding join finding_item item on item.finding_no = finding.finding_no and item.side = 'leg'
),
dropped as (
  delete from discrepancy_leg stored
  using params
  where stored.business_id = params.business_id
    and exists (select from finding where finding.discrepancy_id = stored.discrepancy_id)
    and not exists (
      select from listed where listed.discrepancy_id = stored.discrepancy_id and listed.leg_no = stored.leg_no)
)
insert into discrepancy_leg (business_id, discrepancy_id, leg_no)
select params.business_id, listed.discrepancy_id, listed.leg_no
from params cross join listed
where not exists (
  select from discrepancy_leg stored
  where stored.business_id = params.business_id and stored.discrepancy_id = listed.discrepancy_id
    and stored.leg_no = listed.leg_no)
order by listed.discrepancy_id, listed.leg_no
