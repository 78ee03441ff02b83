-- Stores a pull, complete or not, when all that it brought is in the ledger. Only the last one says where its pages end.
-- Grain: one row per listing asked for.
-- $1 business, $2 direction, $3 as_of, $4 started, $5 finished, $6 whether all of it arrived, $7 whether it may be cut,
-- $8 refunds accepted, $9 quarantined, $10 of these without a readable id, $11 pages, $12 bytes, $13 SHA-256 of the bodies,
-- $14 why it is not complete, $15 the pull's number, $16 the SHA-256 of the bodies up to the end of each page
with params as (
  select $1::uuid as business_id, $2::text as direction, $3::timestamptz as as_of, $4::timestamptz as started_at,
    $5::timestamptz as finished_at, $6::boolean as complete, $7::boolean as maybe_cut, $8::bigint as refunds,
    $9::bigint as quarantined, $10::bigint as quarantined_without_id, $11::integer as pages, $12::bigint as bytes,
    $13::text as sha256, $14::text as problem, $15::bigint as pull_id,
    $16::text[] as page_ends
),
before as (
  update pull stored set page_ends = '{}'
  from params
  where stored.business_id = params.business_id and stored.page_ends <> '{}'
    and stored.pull_id = (
      select last.pull_id from pull last
      where last.business_id = params.business_id and last.direction = params.direction
      order by last.pull_id desc
      limit 1
    )
)

insert into pull (
  business_id, pull_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds, quarantined,
  quarantined_without_id, empty_legs, pages, bytes, sha256, problem, page_ends
)
overriding system value
select params.business_id, params.pull_id, params.direction, params.as_of, params.started_at, params.finished_at,
  params.complete, params.maybe_cut, params.refunds, params.quarantined, params.quarantined_without_id,
  (
    select count(*)
    from ledger_leg leg
    where leg.business_id = params.business_id and leg.direction = params.direction
      and leg.amount = 0 and leg.refund_fee = 0 and leg.returned_fee = 0 and leg.active
  ),
  params.pages, params.bytes, params.sha256, params.problem, params.page_ends
from params
returning empty_legs
