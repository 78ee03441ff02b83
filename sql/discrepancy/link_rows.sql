-- The rows of what is found, brought up to date; those of cleared discrepancies stay.
-- Grain: one row per discrepancy and row, written or deleted only where it differs.
with params as not materialized (select $1::uuid as business_id),
listed as (
  select distinct finding.discrepancy_id, item.item_no as row_no
  from finding join finding_item item on item.finding_no = finding.finding_no and item.side = 'row'
),
dropped as (
  delete from discrepancy_row stored
  using params
  where stored.business_id = params.business_id
    and exists (select from finding where finding.discrepancy_id = stored.discrepancy_id)
    and not exists (
      select from listed where listed.discrepancy_id = stored.discrepancy_id and listed.row_no = stored.row_no)
)
insert into discrepancy_row (business_id, discrepancy_id, row_no)
select params.business_id, listed.discrepancy_id, listed.row_no
from params cross join listed
where not exists (
  select from discrepancy_row stored
  where stored.business_id = params.business_id and stored.discrepancy_id = listed.discrepancy_id
    and stored.row_no = listed.row_no)
order by listed.discrepancy_id, listed.row_no
