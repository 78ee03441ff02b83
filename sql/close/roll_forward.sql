-- The roll-forward: of closed months as it was signed, of open ones as it stands.
-- Grain: one row per direction, processor, currency, month and measure.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select line.*
from params
cross join lateral (
  select live.business_id, live.direction, live.processor, live.currency, live.month, live.measure,
    live.opening, live.new, live.cleared, live.resolved, live.changed, live.closing
  from roll_forward live
  where live.business_id = params.business_id
  union all
  select closed.business_id, signed ->> 'direction', signed ->> 'processor', signed ->> 'currency', closed.month, measure.name,
    (signed -> 'opening' ->> measure.name)::numeric, (signed -> 'new' ->> measure.name)::numeric,
    (signed -> 'cleared' ->> measure.name)::numeric, (signed -> 'resolved' ->> measure.name)::numeric,
    (signed -> 'changed' ->> measure.name)::numeric, (signed -> 'closing' ->> measure.name)::numeric
  from closed_month closed
  cross join lateral json_array_elements(closed.roll_forward) as signed
  cross join (values ('amount'), ('refund_fee'), ('returned_fee'), ('count')) as measure (name)
  where closed.business_id = params.business_id
) line
where (params.from_month is null or line.month >= params.from_month) and (params.to_month is null or line.month <= params.to_month)
order by line.direction, line.processor, line.currency, line.month,
  array_position(array['amount', 'refund_fee', 'returned_fee', 'count'], line.measure)
