-- AMBIGUOUS_MATCH: legs and rows of one amount within days of each other that cannot be told apart. Lists every candidate
-- and the reversals; their effects are netted.
-- Grain: one finding per island.
select item.business_id, 'AMBIGUOUS_MATCH' as code, min(item.direction) as direction, null::text as refund_id,
  coalesce(array_agg(item.leg_no order by item.on_date, item.id collate "C", item.owner collate "C") filter (where item.leg_no is not null), '{}') as leg_nos,
  coalesce(array_agg(item.row_no order by item.on_date, item.id collate "C", item.owner collate "C") filter (where item.row_no is not null), '{}') as row_nos,
  true as carries_amount, true as carries_refund_fee, true as carries_returned_fee, null::date as due_on
from (
  select leg.business_id, leg.island_no, leg.direction, leg.leg_no, null::bigint as row_no, leg.on_date, leg.leg_id as id, leg.refund_id as owner
  from open_leg leg
  where leg.state = 'ambiguous'
  union all
  select line.business_id, line.island_no, line.direction, null, line.row_no, line.on_date, line.transaction_id, line.account
  from open_row line
  where line.state = 'ambiguous'
) item
join business on business.business_id = item.business_id
group by item.business_id, item.island_no, business.starts_on
having business.starts_on is null or max(item.on_date) >= business.starts_on
