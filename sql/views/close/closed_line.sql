-- The tie-out of closed months, as it was signed.
-- Grain: one row per direction, processor, currency, closed month and measure.
select closed.business_id, closed.month, closed.edition, line.direction, line.processor, line.currency, line.measure, line.tied, line.ledger,
  line.processor_total, line.difference, line.explained, line.unexplained, line.gross
from closed_month closed
cross join lateral json_to_recordset(closed.tie_out) as line (
  direction text, processor text, currency text, measure text, tied text, ledger numeric, processor_total numeric,
  difference numeric, explained numeric, unexplained numeric, gross numeric)
