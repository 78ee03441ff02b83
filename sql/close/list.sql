-- The closes of months, superseded ones too.
-- Grain: one row per close. $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select signed.business_id, signed.month, signed.state, signed.prepared_by, signed.prepared_at, signed.reviewed_by, signed.closed_at,
  signed.accept_open, signed.sha256, signed.event_number, signed.event_hash
from params
join month_close signed on signed.business_id = params.business_id
where (params.from_month is null or signed.month >= params.from_month) and (params.to_month is null or signed.month <= params.to_month)
order by signed.month, signed.edition
