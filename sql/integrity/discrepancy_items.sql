-- The legs, rows and refund that a finding lists are stored; those of a finding that stands also count, after a run, but for what a closed
-- month has no more.
-- Grain: one row per item that is not, or does not.
select listed.business_id, format('%s %s lists %s %s, which %s', listed.code, listed.discrepancy_id, listed.side, listed.item, listed.fault) as wrong
from (
  select stored.business_id, stored.code, stored.discrepancy_id, 'leg' as side, listed.leg_no::text as item,
    case when leg.leg_no is null then 'is not stored' when stored.status <> 'cleared' and stored.code <> 'CHANGED_AFTER_CLOSE' and not leg.active then 'is not active' end as fault
  from discrepancy stored
  cross join unnest(stored.leg_nos) as listed (leg_no)
  left join ledger_leg leg on leg.business_id = stored.business_id and leg.leg_no = listed.leg_no
  union all
  select stored.business_id, stored.code, stored.discrepancy_id, 'row', listed.row_no::text,
    case when line.row_no is null then 'is not stored' when stored.status <> 'cleared' and stored.code <> 'CHANGED_AFTER_CLOSE' and not line.active then 'is not active' end
  from discrepancy stored
  cross join unnest(stored.row_nos) as listed (row_no)
  left join processor_row line on line.business_id = stored.business_id and line.row_no = listed.row_no
  union all
  select stored.business_id, stored.code, stored.discrepancy_id, 'refund', stored.refund_id,
    case when refund.refund_id is null then 'is not stored' end
  from discrepancy stored
  left join ledger_refund refund
    on refund.business_id = stored.business_id and refund.direction = stored.direction and refund.refund_id = stored.refund_id
  where stored.refund_id is not null
) listed
where listed.fault is not null
