-- The findings whose ids begin with some texts, cleared ones too.
-- Grain: one row per text and finding, at most two per text that is no whole id. $1 business, $2 texts
select asked.text, found.discrepancy_id, found.discrepancy_id = asked.text as is_whole
from unnest($2::text[]) as asked (text)
cross join lateral (
  select stored.discrepancy_id
  from discrepancy stored
  where stored.business_id = $1::uuid and starts_with(stored.discrepancy_id, asked.text)
  order by stored.discrepancy_id
  limit 2
) found
