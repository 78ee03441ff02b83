-- Which of some refunds the ledger holds with the very same content, so that they need not be read again.
-- Grain: one row per refund that is the same.
-- $1 business, $2 direction, $3 refund ids, $4 beside them the hashes of their contents
-- A refund that was removed is none of them: it is back, which is a change.
with params as (select $1::uuid as business_id, $2::text as direction),

asked as (
  select refund_id collate "C" as refund_id, content_hash
  from unnest($3::text[], $4::text[]) as asked (refund_id, content_hash)
)

select asked.content_hash
from params
cross join asked
join ledger_refund as refund
  on refund.business_id = params.business_id and refund.direction = params.direction
     and refund.refund_id = asked.refund_id
where refund.content_hash = asked.content_hash and refund.removed_pull_id is null
