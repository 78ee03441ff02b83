-- The stored spans of the fee policies are those of the settings and files. Holds after a run.
-- Grain: one row per span that is not.
select coalesce(stored.business_id, due.business_id) as business_id,
  format('%s from %s: stored %s, now %s', coalesce(stored.processor, due.processor), coalesce(stored.from_month, due.from_month),
    case when stored.processor is null then 'nothing'
      else format('%s and %s %s, before %s', stored.refund_fee_tie, stored.returned_fee_tie, stored.categories, stored.before_month) end,
    case when due.processor is null then 'nothing'
      else format('%s and %s %s, before %s', due.refund_fee_tie, due.returned_fee_tie, due.categories, due.before_month) end) as wrong
from fee_span stored
full join (
  select fee.* from fee_rule fee join reconciliation run on run.business_id = fee.business_id
) due on due.business_id = stored.business_id and due.processor = stored.processor and due.from_month = stored.from_month
where (stored.before_month, stored.refund_fee_tie, stored.returned_fee_tie, stored.categories)
  is distinct from (due.before_month, due.refund_fee_tie, due.returned_fee_tie, due.categories)
