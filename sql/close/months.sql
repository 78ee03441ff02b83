-- Where each month stands that has a verdict or was ever prepared or closed: what a close would ask.
-- Grain: one row per month, ascending. $1 business
with params as not materialized (select $1::uuid as business_id),

stands as (
  select signed.month, signed.edition, signed.state, signed.prepared_by, signed.prepared_at, signed.reviewed_by, signed.closed_at, signed.sha256
  from params
  join month_close signed on signed.business_id = params.business_id and signed.state <> 'superseded'
),

month as (
  select said.month from params join month_verdict said on said.business_id = params.business_id
  union
  select stands.month from stands
)

select month.month, said.verdict, said.reasons,
  (to_date(month.month, 'YYYY-MM') + interval '1 month')::date <= run.today as is_over, run.as_of, run.today, run.time_zone,
  exists (
    select from tie_out_line line
    where line.business_id = params.business_id and line.month = month.month and line.unexplained <> 0) as is_unexplained,
  stands.edition, stands.state, stands.prepared_by, stands.prepared_at, stands.reviewed_by, stands.closed_at, stands.sha256
from params
join run_day run on run.business_id = params.business_id
cross join month
left join month_verdict said on said.business_id = params.business_id and said.month = month.month
left join stands on stands.month = month.month
order by month.month
