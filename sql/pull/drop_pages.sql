-- Drops the pages of a pull that no refund points to: what they hold was undone, or came once more in the same listing.
-- Grain: one row per page dropped.
-- $1 business, $2 pull
with params as not materialized (select $1::uuid as business_id, $2::bigint as pull_id)

delete from ledger_page page
using params
where page.business_id = params.business_id
  and page.pull_id = params.pull_id
  and not exists (
    select
    from ledger_refund refund
    where refund.business_id = params.business_id and refund.content_pull_id = page.pull_id
      and refund.content_page = page.page_no
  )
