-- Stores a pull, complete or not.
-- Grain: one row per listing asked for.
-- $1 business, $2 direction, $3 as_of, $4 started, $5 finished, $6 whether all of it arrived, $7 whether it may be cut,
-- $8 refunds accepted, $9 set aside, $10 pages, $11 bytes, $12 SHA-256 of the bodies, $13 why it is not complete,
-- $14 the pull's number
with params as (
  select $1::uuid as business_id, $2::text as direction, $3::timestamptz as as_of, $4::timestamptz as started_at,
         $5::timestamptz as finished_at, $6::boolean as complete, $7::boolean as maybe_cut, $8::bigint as refunds,
         $9::bigint as quarantined, $10::integer as pages, $11::bigint as bytes, $12::text as sha256,
         $13::text as problem, $14::bigint as pull_id
)

insert into pull (business_id, pull_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds, quarantined,
                  pages, bytes, sha256, problem)
overriding system value
select business_id, pull_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds, quarantined,
       pages, bytes, sha256, problem
from params
