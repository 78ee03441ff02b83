-- The tie-out as reports show it: of closed months as it was signed, of the others as the last run stored it.
-- Grain: one row per direction, processor, currency, month and measure.
select live.business_id, live.direction, live.processor, live.currency, live.month, live.measure, live.tied, live.ledger,
  live.processor_total, live.difference, live.explained, live.unexplained, live.gross
from tie_out_line live
where not exists (
  select from month_close closed
  where closed.business_id = live.business_id and closed.month = live.month and closed.state = 'closed')
union all
select signed.business_id, signed.direction, signed.processor, signed.currency, signed.month, signed.measure, signed.tied, signed.ledger,
  signed.processor_total, signed.difference, signed.explained, signed.unexplained, signed.gross
from closed_line signed
