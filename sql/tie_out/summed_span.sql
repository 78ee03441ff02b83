-- The days whose legs and rows are summed again: from the first to the last of the touched months, which is what the indexes
-- on the dates can look for, and of these only the touched months; all where the run looks at everything ($1 is 0).
-- Grain: one row; days and months null where no month is touched.
with params as not materialized (select $1::bigint as item_mark),
touched as (
  select min(month) as first_day, (max(month) + interval '1 month')::date as day_after, array_agg(month) as months from touched_month
)
select
  case params.item_mark when 0 then '-infinity' else touched.first_day end as first_day,
  case params.item_mark when 0 then 'infinity' else touched.day_after end as day_after,
  params.item_mark = 0 as every_month, touched.months
from params cross join touched
