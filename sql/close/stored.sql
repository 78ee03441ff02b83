-- The closes of some months as they are stored, with the last event about each and the one that closed it.
-- Grain: one row per close, in order. $1 business, $2 month, or null for all
with params as not materialized (select $1::uuid as business_id, $2::text as month)

select close.month, close.edition, close.prepared_by, close.prepared_at, close.four_eyes, close.accept_open, close.as_of, close.business,
  close.verdict, close.reasons, close.tie_out, close.roll_forward, close.carried, close.findings, close.sources, close.event_number,
  close.event_hash, close.sha256, state.state, state.reviewed_by, state.closed_at,
  state.event_number as signed_number, state.event_hash as signed_hash
from params
join close on close.business_id = params.business_id and (params.month is null or close.month = params.month)
left join month_close state on state.business_id = close.business_id and state.month = close.month and state.edition = close.edition
order by close.month, close.edition
