-- The class of each discrepancy code (spec section 5): an error needs somebody to act, timing cures itself, info is for information.
-- Grain: one row per code.
select code, class
from (values
  ('MISSING_IN_LEDGER', 'error'),
  ('AWAITING_LEDGER', 'timing'),
  ('MISSING_AT_PROCESSOR', 'error'),
  ('AWAITING_PROCESSOR', 'timing'),
  ('AMOUNT_MISMATCH', 'error'),
  ('REFUND_FEE_MISMATCH', 'error'),
  ('RETURNED_FEE_MISMATCH', 'error'),
  ('WITHIN_TOLERANCE', 'info'),
  ('CURRENCY_MISMATCH', 'error'),
  ('CURRENCY_CONVERTED', 'info'),
  ('PROCESSOR_MISMATCH', 'error'),
  ('REFUND_FAILED', 'error'),
  ('CUTOFF_MISMATCH', 'info'),
  ('ALLOCATION_TARGET_MISMATCH', 'error'),
  ('DUPLICATE_IN_LEDGER', 'error'),
  ('AMBIGUOUS_MATCH', 'error'),
  ('OVER_REFUND', 'error'),
  ('ALLOCATION_IMBALANCE', 'error'),
  ('PAYMENT_IMBALANCE', 'error'),
  ('LINE_ITEM_IMBALANCE', 'error'),
  ('FEE_TOTAL_MISMATCH', 'error'),
  ('FEES_NOT_COMPARED', 'info'),
  ('LEDGER_REFUND_REMOVED', 'info'),
  ('CHANGED_AFTER_CLOSE', 'error')
) as code (code, class)
