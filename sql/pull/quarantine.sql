-- Stores the refunds of a pull that were quarantined. One that an earlier pull quarantined for the same reason, as it is now,
-- and that a person dismissed then, stays dismissed.
-- Grain: one row per quarantined refund.
-- $1 business, $2 direction, $3 pull, $4 the pull's name for people
with params as (select $1::uuid as business_id, $2::text as direction, $3::bigint as pull_id, $4::text as source)

insert into quarantine (business_id, pull_id, source, line, kind, state, reason, raw, item_id, dated_on)
select params.business_id, params.pull_id, params.source, staged.place, 'unreadable',
  case when exists (
    select from quarantine earlier
    join pull on pull.business_id = earlier.business_id and pull.pull_id = earlier.pull_id
    where earlier.business_id = params.business_id and pull.direction = params.direction and earlier.state = 'dismissed'
      and earlier.item_id is not distinct from staged.refund_id and earlier.reason = staged.reason
      and earlier.raw = staged.raw_shown
  ) then 'dismissed' else 'open' end,
  staged.reason, staged.raw_shown, staged.refund_id, staged.completed_on
from params
cross join pull_refund as staged
where staged.kind = 'quarantine'
order by staged.place
