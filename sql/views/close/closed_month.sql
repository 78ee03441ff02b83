-- The months that are closed, with what was signed of them.
-- Grain: one row per closed month.
select close.business_id, close.month, close.edition, close.verdict, close.reasons, close.tie_out, close.roll_forward, close.carried,
  close.findings, close.as_of, state.prepared_by, state.reviewed_by, state.closed_at, state.sha256,
  (to_date(close.month, 'YYYY-MM') + interval '1 month')::date as day_after
from month_close state
join close on close.business_id = state.business_id and close.month = state.month and close.edition = state.edition
where state.state = 'closed'
