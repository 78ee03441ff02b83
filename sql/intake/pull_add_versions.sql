-- Keeps the contents that a pull brought, as received; one that was there before (a change taken back) is kept already.
-- Grain: one row per version of a refund.
insert into ledger_refund_version (business_id, direction, refund_id, content_hash, pull_id, raw)
select business_id, direction, refund_id, content_hash, pull_id, raw
from pull_version
on conflict do nothing
