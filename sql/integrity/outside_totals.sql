-- The stored totals of legs outside processors are what these legs come to, summed anew. Holds after a run.
-- Grain: one row per total that is not.
select coalesce(stored.business_id, due.business_id) as business_id,
  format('%s %s %s %s: stored %s legs, %s; summed anew %s legs, %s', coalesce(stored.direction, due.direction),
    coalesce(stored.method, due.method), coalesce(stored.processor, due.processor), coalesce(stored.month, due.month),
    stored.legs, stored.amount, due.legs, due.amount) as wrong
from outside_total stored
full join (
  select leg.business_id, leg.direction, coalesce(leg.method, '') as method,
    case leg.processor when 'UNASSIGNED' then '' else leg.processor end as processor, leg.currency, leg.month,
    count(*) as legs, sum(leg.amount) as amount
  from leg
  join run_day run on run.business_id = leg.business_id
  where leg.is_outside and (run.starts_on is null or leg.on_date >= run.starts_on)
  group by leg.business_id, leg.direction, 3, 4, leg.currency, leg.month
) due
  on due.business_id = stored.business_id and due.direction = stored.direction and due.method = stored.method
  and due.processor = stored.processor and due.currency = stored.currency and due.month = stored.month
where (stored.legs, stored.amount) is distinct from (due.legs, due.amount)
