-- After a month was reopened: findings that are about no closed month any more are not late.
-- Grain: one row per finding. $1 business
update discrepancy found set late = false
where found.business_id = $1::uuid and found.late and not exists (
  select from month_close closed
  where closed.business_id = $1::uuid and closed.state = 'closed' and (
    found.code = 'CHANGED_AFTER_CLOSE' and found.month = closed.month
    or closed.month in (
      select counted.month from finding_month counted
      where counted.business_id = $1::uuid and counted.discrepancy_id = found.discrepancy_id)))
