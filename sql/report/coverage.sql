-- The dates for which an account's files are there: first and last date, and the holes longer than tolerated.
-- A configured account without files is there too, with neither date. With months given, only the holes that
-- touch them.
-- Grain: one row per account.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month),

span as (
  select covered.processor, covered.account, covered.covers_from, covered.covers_to,
         lag(covered.covers_to) over (
           partition by covered.processor, covered.account order by covered.covers_from
         ) as covered_before
  from params
  join account_coverage as covered using (business_id)
),

extent as (
  select processor, account, min(covers_from) as "from", max(covers_to) as "to"
  from span
  group by processor, account
),

hole as (
  select span.processor, span.account,
         array_agg(span.covered_before::text order by span.covers_from) as holes_after,
         array_agg(span.covers_from::text order by span.covers_from) as holes_before
  from params
  cross join span
  where span.covered_before is not null
    and (params.from_month is null or span.covers_from > (params.from_month || '-01')::date)
    and (params.to_month is null
         or span.covered_before + 1 < (params.to_month || '-01')::date + interval '1 month')
  group by span.processor, span.account
),

account_here as (
  select processor, account from extent
  union
  select asked.processor, asked.account from params join processor_account as asked using (business_id)
)

select params.business_id, account_here.processor, account_here.account, extent."from", extent."to",
       coalesce(hole.holes_after, '{}') as holes_after, coalesce(hole.holes_before, '{}') as holes_before
from params
cross join account_here
left join extent using (processor, account)
left join hole using (processor, account)
order by account_here.processor, account_here.account
