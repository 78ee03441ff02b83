-- The rows that are matched and tied out: refunds, vendor refunds and reversals that are not empty, with the level at which
-- their fees are compared (spec sections 3 and 6). A reversal has the direction of its refund.
-- Grain: one row per row.
select line.business_id, line.row_no, line.direction, line.processor, line.account, line.transaction_id, line.type,
  line.type = 'refund_reversal' as is_reversal, line.reversal_of, line.refund_id, line.payment_ids, line.reference_ids,
  line.amount, line.refund_fee, line.returned_fee, line.currency, line.presented_amount, line.presented_currency,
  line.occurred_at, line.occurred_on as on_date, to_char(line.occurred_on, 'YYYY-MM') as month, line.payout_id,
  line.file_id, line.line,
  coalesce(fee.refund_fee_tie, 'per_refund') as refund_fee_tie,
  coalesce(fee.returned_fee_tie, 'per_refund') as returned_fee_tie
from processor_row line
left join fee_span fee
  on fee.business_id = line.business_id and fee.processor = line.processor
  and line.occurred_on >= fee.from_month and line.occurred_on < fee.before_month
where line.active and line.type in ('refund', 'vendor_refund', 'refund_reversal')
  and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
