-- A refund's content is kept as received, under its hash; a leg belongs to a stored refund, and counts only while the ledger
-- holds that.
-- Grain: one row per refund or leg of which that is not so.
select refund.business_id, format('%s refund %s: its content is not at place %s of pull %s', refund.direction, refund.refund_id,
    refund.content_place, refund.content_pull_id) as wrong
from ledger_refund refund
left join ledger_refund_version version
  on version.business_id = refund.business_id and version.pull_id = refund.content_pull_id and version.place = refund.content_place
where (version.direction, version.refund_id, version.content_hash) is distinct from (refund.direction, refund.refund_id, refund.content_hash)
union all
select leg.business_id, format('leg %s is of %s refund %s, which %s', leg.leg_no, leg.direction, leg.refund_id,
    case when refund.refund_id is null then 'is not stored' else 'the ledger no longer holds' end)
from ledger_leg leg
left join ledger_refund refund
  on refund.business_id = leg.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
where refund.refund_id is null or leg.active and refund.removed_pull_id is not null
