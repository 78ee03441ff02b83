-- Some findings by their ids, cleared ones too. A standing finding was last seen by the last run.
-- Grain: one row per finding. $1 business, $2 ids
select found.business_id, found.discrepancy_id, found.code, found.direction, found.processor, found.currency, found.refund_id,
  found.month, found.measure, found.status, found.dated_on, found.due_on, found.first_seen_at,
  case when found.status = 'cleared' then found.last_seen_at else coalesce(run.as_of, found.last_seen_at) end as last_seen_at,
  found.late, found.differs, 1::bigint as of_code, found.leg_nos, found.row_nos
from discrepancy found
left join reconciliation run on run.business_id = found.business_id
where found.business_id = $1::uuid and found.discrepancy_id = any ($2::text[])
