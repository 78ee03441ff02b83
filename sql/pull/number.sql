-- The number of a pull that begins: what it brings bears it before the pull itself is stored. With it, what the pull before brought,
-- where that was a whole listing without anything quarantined.
-- Grain: one row. $1 business, $2 direction
select nextval(pg_get_serial_sequence('pull', 'pull_id')) as pull_id, last.bytes, last.sha256, last.refunds, last.page_ends
from (values ($1::uuid, $2::text)) as params (business_id, direction)
left join lateral (
  select stored.bytes, stored.sha256, stored.refunds, stored.page_ends, stored.complete and stored.quarantined = 0 as is_whole
  from pull stored
  where stored.business_id = params.business_id and stored.direction = params.direction
  order by stored.pull_id desc
  limit 1
) last on last.is_whole
