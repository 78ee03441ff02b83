-- The findings that name some legs or rows, are about the refund of one of these legs, or are asked for by id; cleared ones too.
-- Grain: one row per finding, those that stand first. $1 business, $2 legs, $3 rows, $4 ids, $5 how many at most
select found.business_id, found.discrepancy_id, found.code, found.direction, found.processor, found.currency, found.refund_id,
  found.month, found.measure, found.status, found.dated_on, found.due_on, found.first_seen_at,
  case when found.status = 'cleared' then found.last_seen_at else coalesce(run.as_of, found.last_seen_at) end as last_seen_at,
  found.late, found.differs, 1::bigint as of_code, found.leg_nos, found.row_nos
from discrepancy found
left join reconciliation run on run.business_id = $1::uuid
where found.business_id = $1::uuid
  and (found.discrepancy_id = any ($4::text[]) or found.leg_nos && $2::bigint[] or found.row_nos && $3::bigint[]
    or found.refund_id is not null and exists (
      select from ledger_leg leg
      where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
        and leg.direction = found.direction and leg.refund_id = found.refund_id))
order by found.discrepancy_id = any ($4::text[]) desc, found.status = 'cleared', found.last_seen_at desc, found.discrepancy_id
limit $5::bigint
