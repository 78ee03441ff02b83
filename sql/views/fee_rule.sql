-- At which level a processor's fees are compared, by span of months: its entries of `fees`, and before the first of them
-- per_refund, or none for a measure that no format of its files can say (spec section 6).
-- Grain: one row per processor and span.
select entry.business_id, entry.processor, entry.refund_fee_tie, entry.returned_fee_tie, entry.categories, entry.from_month,
  coalesce(lead(entry.from_month) over (
    partition by entry.business_id, entry.processor order by entry.from_month), 'infinity') as before_month
from (
  select policy.business_id, policy.processor, policy.tie as refund_fee_tie, policy.tie as returned_fee_tie,
    policy.categories, policy.from_month
  from fee_policy policy
  union all
  select file.business_id, file.processor,
    case when bool_or(file.has_refund_fees) then 'per_refund' else 'none' end,
    case when bool_or(file.has_returned_fees) then 'per_refund' else 'none' end,
    '{}', '-infinity'
  from processor_file file
  where file.state = 'imported'
  group by file.business_id, file.processor
) entry
