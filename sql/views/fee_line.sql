-- The lines of fees that a processor charges by the month (spec section 6): lines of the categories that the fee policy of
-- their month names. A cost is a refund fee, a gain a returned fee; an amount is negative where the file takes money.
-- Look one up by business and a range of dates.
-- Grain: one row per row.
select line.business_id, line.row_no, 'customer'::text collate "C" as direction, line.processor, line.account, line.currency,
  line.occurred_on as on_date, to_char(line.occurred_on, 'YYYY-MM') as month,
  greatest(line.refund_fee - line.returned_fee - line.amount, 0) as refund_fee,
  greatest(line.amount + line.returned_fee - line.refund_fee, 0) as returned_fee
from processor_row line
join fee_span fee
  on fee.business_id = line.business_id and fee.processor = line.processor
  and line.occurred_on >= fee.from_month and line.occurred_on < fee.before_month
where line.active and line.type = 'other' and line.category = any (fee.categories)
  and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
