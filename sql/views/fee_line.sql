-- The lines of fees that a processor charges by the month (spec section 6): lines of the categories that the fee policy of
-- their month names; or, in their place, what a person typed in for an account's month. A cost is a refund fee, a gain a
-- returned fee; an amount is negative where the file takes money. Look one up by business and a range of dates.
-- Grain: one row per row, or amount that was typed in (row_no null).
select line.business_id, line.row_no, 'customer'::text collate "C" as direction, line.processor, line.account, line.currency,
  line.occurred_on as on_date, to_char(line.occurred_on, 'YYYY-MM') as month, line.category, line.file_id,
  greatest(line.refund_fee - line.returned_fee - line.amount, 0) as refund_fee,
  greatest(line.amount + line.returned_fee - line.refund_fee, 0) as returned_fee
from processor_row line
join fee_span fee
  on fee.business_id = line.business_id and fee.processor = line.processor and fee.categories <> '{}'
  and line.occurred_on >= fee.from_month and line.occurred_on < fee.before_month
where line.active and line.type = 'other' and line.category = any (fee.categories)
  and (line.amount <> 0 or line.refund_fee <> 0 or line.returned_fee <> 0)
  and not exists (
    select from fee_amount typed
    where typed.business_id = line.business_id and typed.processor = line.processor and typed.account = line.account
      and typed.currency = line.currency and typed.month = to_char(line.occurred_on, 'YYYY-MM'))
union all
select typed.business_id, null, 'customer', typed.processor, typed.account, typed.currency, to_date(typed.month, 'YYYY-MM'), typed.month,
  null, null, typed.amount, 0
from fee_amount typed
join fee_span fee
  on fee.business_id = typed.business_id and fee.processor = typed.processor and fee.refund_fee_tie = 'month'
  and to_date(typed.month, 'YYYY-MM') >= fee.from_month and to_date(typed.month, 'YYYY-MM') < fee.before_month
