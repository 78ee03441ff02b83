-- Ends a run: notes how far it looked and by which settings it judged, forgets what was touched and what has no match left, marks
-- findings of which the worklist has to be told anew, and says what there is now.
-- Grain: one row. $1 business, $2 item mark, $3 matching settings, or null to keep them, $4 judging settings, $5 what it
-- matched by, $6 whether it changed a match, $7, $8: the codes of the classes error and timing
with params as not materialized (
  select $1::uuid as business_id, $2::bigint as item_mark, $3::text as matching_settings, $4::text as judging_settings,
    $5::text as matched_by, $6::boolean as has_matched, $7::text[] as error_codes, $8::text[] as timing_codes
),
marked as (
  update reconciliation run
  set item_mark = params.item_mark, matching_settings = coalesce(params.matching_settings, run.matching_settings),
      judging_settings = params.judging_settings,
      -- empty where one more run has to match: what is open may find a match that one of this run made possible
      matched_by = case
        when not params.has_matched then params.matched_by
        when exists (select from open_item item where item.business_id = params.business_id) then ''
        when exists (select from ruling where ruling.business_id = params.business_id and ruling.forgotten_at is null) then ''
        else params.matched_by end
  from params where run.business_id = params.business_id
),
unlisted as (
  update discrepancy stored set words = null
  from params
  join reconciliation run on run.business_id = params.business_id
  where stored.business_id = params.business_id and stored.status <> 'cleared' and stored.words is not null
    and (params.matching_settings is not null or run.judging_settings <> params.judging_settings
      or exists (
        select from touched_item touched
        where touched.business_id = params.business_id and touched.item_no = any (stored.leg_nos || stored.row_nos)))
  returning stored.discrepancy_id
),
touched as (delete from touched_item stored using params where stored.business_id = params.business_id),
totals as (delete from match_total stored using params where stored.business_id = params.business_id and stored.count = 0)
select
  (select count(*)::int from discrepancy stored
   where stored.business_id = params.business_id and stored.status in ('open', 'acknowledged') and stored.code = any (params.error_codes)) as open_errors,
  (select count(*)::int from discrepancy stored
   where stored.business_id = params.business_id and stored.status in ('open', 'acknowledged') and stored.code = any (params.timing_codes)) as open_timing,
  (select coalesce(sum(total.legs), 0)::int from match_total total where total.business_id = params.business_id) as legs_matched,
  (select coalesce(sum(total.rows), 0)::int from match_total total where total.business_id = params.business_id) as rows_matched,
  (select count(*)::int from tie_out_line line where line.business_id = params.business_id and line.unexplained <> 0) as unexplained_lines,
  exists (select from unlisted) or exists (
    select from discrepancy stored
    where stored.business_id = params.business_id and stored.status <> 'cleared' and stored.words is null) as has_unlisted
from params
