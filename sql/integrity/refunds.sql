-- A refund's content lies in a stored page, as do those that it had before; a leg belongs to a stored refund, and counts
-- only while the ledger holds that.
-- Grain: one row per version or leg of which that is not so.
select version.business_id, format('%s refund %s: its content is not at place %s of page %s of pull %s', version.direction,
    version.refund_id, version.content_place, version.content_page, version.content_pull_id) as wrong
from (
  select business_id, direction, refund_id, content_pull_id, content_page, content_place from ledger_refund
  union all
  select business_id, direction, refund_id, content_pull_id, content_page, content_place from ledger_refund_version
) as version
left join ledger_page page
  on page.business_id = version.business_id and page.pull_id = version.content_pull_id
     and page.page_no = version.content_page and page.refunds > version.content_place
where page.page_no is null
union all
select leg.business_id, format('leg %s is of %s refund %s, which %s', leg.leg_no, leg.direction, leg.refund_id,
    case when refund.refund_id is null then 'is not stored' else 'the ledger no longer holds' end)
from ledger_leg leg
left join ledger_refund refund
  on refund.business_id = leg.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
where refund.refund_id is null or leg.active and refund.removed_pull_id is not null
