-- The stored spans are the dates that the accounts' files, and the processors, cover. Holds after a run.
-- Grain: one row per account or processor whose spans are not.
select coalesce(stored.business_id, due.business_id) as business_id,
  format('%s %s: stored %s, worked out anew %s', coalesce(stored.processor, due.processor), coalesce(stored.account, due.account),
    coalesce(stored.cover, '{}'), coalesce(due.cover, '{}')) as wrong
from (
  select business_id, processor, account, range_agg(daterange(covers_from, covers_to, '[]')) as cover
  from account_coverage
  group by business_id, processor, account
) stored
full join account_cover due
  on due.business_id = stored.business_id and due.processor = stored.processor and due.account = stored.account
where coalesce(stored.cover, '{}') <> coalesce(due.cover, '{}')
union all
select coalesce(stored.business_id, due.business_id),
  format('%s: stored %s, worked out anew %s', coalesce(stored.processor, due.processor), coalesce(stored.cover, '{}'), coalesce(due.cover, '{}'))
from (
  select business_id, processor,
    range_agg(daterange(nullif(covers_from, '-infinity'), nullif(covers_to, 'infinity'), '[]')) as cover
  from coverage_span
  group by business_id, processor
) stored
full join processor_cover due on due.business_id = stored.business_id and due.processor = stored.processor
where coalesce(stored.cover, '{}') <> coalesce(due.cover, '{}')
