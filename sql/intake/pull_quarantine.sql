-- Stores the refunds of a pull that were set aside.
-- Grain: one row per refund set aside.
-- $1 business, $2 pull, $3 the pull's name for people
with params as (select $1::uuid as business_id, $2::bigint as pull_id, $3::text as source)

insert into quarantine (business_id, pull_id, source, line, kind, reason, raw, item_id, dated_on)
select params.business_id, params.pull_id, params.source, staged.place, 'unreadable', staged.reason, staged.raw_shown,
       staged.refund_id, staged.completed_on
from params
cross join pull_stage as staged
where staged.kind = 'quarantine'
order by staged.place
