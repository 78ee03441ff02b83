-- What is found again is seen again: the same discrepancy with this run's dates.
-- Grain: one row per discrepancy in which anything differs.
with params as not materialized (select $1::uuid as business_id, $2::timestamptz as as_of)
update discrepancy stored
set processor = finding.processor, currency = finding.currency, dated_on = finding.dated_on, due_on = finding.due_on,
    last_seen_at = params.as_of
from params cross join finding
where stored.business_id = params.business_id and stored.discrepancy_id = finding.discrepancy_id
  and (stored.processor, stored.currency, stored.dated_on, stored.due_on, stored.last_seen_at)
    is distinct from (finding.processor, finding.currency, finding.dated_on, finding.due_on, params.as_of)
