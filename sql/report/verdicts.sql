-- What may be said of each month; of a closed one what was signed, by whom.
-- Grain: one row per month.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select said.business_id, said.month, coalesce(closed.verdict, said.verdict) as verdict, coalesce(closed.reasons, said.reasons) as reasons,
       closed.prepared_by, closed.reviewed_by, closed.closed_at, closed.sha256
from params
join month_verdict said using (business_id)
left join closed_month closed on closed.business_id = params.business_id and closed.month = said.month
where (params.from_month is null or said.month >= params.from_month)
  and (params.to_month is null or said.month <= params.to_month)
order by said.month
