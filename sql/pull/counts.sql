-- Counts what a pull brought.
-- Grain: one row.
-- read: accepted, and not known with this very content.
select count(*) filter (where kind in ('refund', 'known')) as refunds,
  count(*) filter (where kind = 'refund') as read,
  count(*) filter (where kind = 'quarantine') as quarantined,
  count(*) filter (where kind = 'quarantine' and refund_id is null) as quarantined_without_id
from pull_refund
