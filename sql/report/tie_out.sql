-- The proof: of closed months as it was signed, of the others as the last run stored it.
-- Grain: one row per direction, processor, currency, month and measure.
-- $1 business, $2 first month or null, $3 last month or null
with params as not materialized (select $1::uuid as business_id, $2::text as from_month, $3::text as to_month)

select line.business_id, line.direction, line.processor, line.currency, line.month, line.measure,
       line.ledger, line.processor_total, line.difference, line.explained, line.unexplained, line.gross, line.tied
from params
join reported_line as line using (business_id)
where (params.from_month is null or line.month >= params.from_month)
  and (params.to_month is null or line.month <= params.to_month)
order by line.direction, line.processor, line.currency, line.month,
         array_position(array['amount', 'refund_fee', 'returned_fee'], line.measure::text)
