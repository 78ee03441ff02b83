-- The months with a verdict that are not closed; is_after_close: the first one after the last closed month.
-- Grain: one row per month.
select said.business_id, said.month,
  last.month is not null and row_number() over (partition by said.business_id order by said.month) = 1 as is_after_close
from month_verdict said
left join (
  select closed.business_id, max(closed.month) as month
  from month_close closed
  where closed.state = 'closed'
  group by closed.business_id
) last on last.business_id = said.business_id
where last.month is null or said.month > last.month
