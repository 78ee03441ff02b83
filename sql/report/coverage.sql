-- The dates for which a processor's files are there: first and last date, and the holes longer than tolerated.
-- A configured processor without files is there too, with neither date. With months given, only the holes that
-- touch them.
-- Grain: one row per processor.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month),

span as (
  select coverage_span.processor, coverage_span.covers_from, coverage_span.covers_to,
         lag(coverage_span.covers_to) over (
           partition by coverage_span.processor order by coverage_span.covers_from
         ) as covered_before
  from params
  join coverage_span using (business_id)
),

extent as (
  select processor, min(covers_from) as "from", max(covers_to) as "to"
  from span
  group by processor
),

hole as (
  select span.processor,
         array_agg(span.covered_before::text order by span.covers_from) as holes_after,
         array_agg(span.covers_from::text order by span.covers_from) as holes_before
  from params
  cross join span
  where span.covered_before is not null
    and (params.from_month is null or span.covers_from > (params.from_month || '-01')::date)
    and (params.to_month is null
         or span.covered_before + 1 < (params.to_month || '-01')::date + interval '1 month')
  group by span.processor
),

processor_here as (
  select processor from extent
  union
  select processor_setting.processor from params join processor_setting using (business_id)
)

select params.business_id, processor_here.processor, extent."from", extent."to",
       coalesce(hole.holes_after, '{}') as holes_after, coalesce(hole.holes_before, '{}') as holes_before
from params
cross join processor_here
left join extent using (processor)
left join hole using (processor)
order by processor_here.processor
