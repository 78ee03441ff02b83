-- Which refunds of a portion of a listing have a content that the ledger keeps. Those that the ledger holds are noted on
-- the stage as known; one that was removed is back, which is a change.
-- Grain: one row per refund whose content is kept.
-- $1 business, $2 direction, $3 the place of the portion's first refund, $4 the hashes of its contents in order
with params as (select $1::uuid as business_id, $2::text as direction, $3::bigint as place),

held as (
  select params.place + asked.number - 1 as place, kept.refund_id, kept.is_removed
  from params
  cross join unnest($4::text[]) with ordinality as asked (content_hash, number)
  -- one at a time: the planner takes a portion for reason enough to read the whole table
  cross join lateral (
    select refund.refund_id, refund.removed_pull_id is not null as is_removed
    from ledger_refund refund
    where refund.business_id = params.business_id and refund.direction = params.direction
      and refund.content_hash = asked.content_hash
    limit 1
  ) as kept
),
known as (
  insert into pull_refund (kind, place, refund_id)
  select 'known', held.place, held.refund_id
  from held
  where not held.is_removed
)

select held.place, held.is_removed
from held
