-- The edition that a new close of a month has, and what the business's settings and the last event say.
-- Grain: one row. $1 business, $2 month
select coalesce((select max(close.edition) from close where close.business_id = $1::uuid and close.month = $2::text), 0) + 1 as edition,
  business.name, business.currency, business.time_zone, business.four_eyes
from business
where business.business_id = $1::uuid
