-- Forgets the totals of the months that are summed again.
-- Grain: one row per line, deleted.
with params as not materialized (select $1::uuid as business_id),
outside as (
  delete from outside_total stored using params, touched_month touched
  where stored.business_id = params.business_id and stored.month = to_char(touched.month, 'YYYY-MM')
)
delete from tie_out_line stored using params, touched_month touched
where stored.business_id = params.business_id and stored.month = to_char(touched.month, 'YYYY-MM')
