-- Takes off the stage what came of a listing from a place on: the page that broke off, or the whole listing, is read again.
-- Grain: one row per refund taken off.
-- $1 place
with params as not materialized (select $1::bigint as place),

legs as (
  delete from pull_leg leg
  using params
  where leg.place >= params.place
)

delete from pull_refund refund
using params
where refund.place >= params.place
