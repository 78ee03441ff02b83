-- What the last run of a business found, in numbers. $2, $3: the codes of the classes error and timing.
-- Grain: one row.
with params as not materialized (select $1::uuid as business_id, $2::text[] as error_codes, $3::text[] as timing_codes)
select
  (select count(*)::int from discrepancy stored
   where stored.business_id = params.business_id and stored.status in ('open', 'acknowledged') and stored.code = any(params.error_codes)) as open_errors,
  (select count(*)::int from discrepancy stored
   where stored.business_id = params.business_id and stored.status in ('open', 'acknowledged') and stored.code = any(params.timing_codes)) as open_timing,
  (select coalesce(sum(total.legs), 0)::int from match_total total where total.business_id = params.business_id) as legs_matched,
  (select coalesce(sum(total.rows), 0)::int from match_total total where total.business_id = params.business_id) as rows_matched,
  (select count(*)::int from tie_out_line line where line.business_id = params.business_id and line.unexplained <> 0) as unexplained_lines
from params
