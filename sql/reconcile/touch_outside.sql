-- After a change of the settings that say which legs are outside processors: notes the known legs that are now on the other side.
-- Grain: one row per leg. $1 business, $2 the last number that the last run looked at
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark)
insert into touched_item (business_id, item_no, month_before)
select leg.business_id, leg.leg_no, date_trunc('month', leg.on_date)::date
from params
join leg on leg.business_id = params.business_id and leg.leg_no <= params.item_mark
where leg.is_outside = (
  exists (select from match_item matched where matched.business_id = leg.business_id and matched.leg_no = leg.leg_no)
  or exists (select from open_item open where open.business_id = leg.business_id and open.item_no = leg.leg_no))
on conflict do nothing
