-- Drops from the stage what readings brought that were begun anew: a page whose answer broke off, or a whole listing.
-- Grain: one row of the stage per refund or leg dropped.
-- $1 these readings
with params as (select $1::integer[] as readings)

delete from pull_stage staged
using params
where staged.reading = any (params.readings)
