-- The two sides of the tie-out (spec section 6): ledger total and processor total of the months that are summed again, from
-- the stored legs and rows, whatever was matched. What explains the difference is put beside them by explain.sql.
-- Grain: one row per direction, processor, currency, touched month and measure with a leg or a row.
with params as not materialized (select $1::uuid as business_id, $2::boolean as every_month, $3::date[] as months),
own as not materialized (select params.business_id, business.currency from params join business on business.business_id = params.business_id),
ledger_total as (
  select day.direction, coalesce(alias.processor, day.processor_named, 'UNASSIGNED') as processor, own.currency,
    date_trunc('month', day.day)::date as month,
    sum(day.amount) as amount, sum(day.refund_fee) as refund_fee, sum(day.returned_fee) as returned_fee
  from own
  cross join ledger_day day
  left join processor_alias alias on alias.business_id = own.business_id and alias.alias = day.processor_named
  where day.processor_named is not null or coalesce(day.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE')
  group by 1, 2, 3, 4
),
paid_day as (
  select day.type, day.processor, day.currency, day.day, day.amount, day.refund_fee, day.returned_fee from processor_day day
  union all
  -- a reversal's direction is that of its refund
  select case reversal.direction when 'vendor' then 'vendor_refund' else 'refund' end, reversal.processor, reversal.currency,
    reversal.on_date, reversal.amount, reversal.refund_fee, reversal.returned_fee
  from params join work_reversal reversal
    on params.every_month or date_trunc('month', reversal.on_date)::date = any(params.months)
),
processor_total as (
  select case day.type when 'vendor_refund' then 'vendor' else 'customer' end as direction, day.processor, day.currency,
    date_trunc('month', day.day)::date as month,
    sum(day.amount) as amount, sum(day.refund_fee) as refund_fee, sum(day.returned_fee) as returned_fee
  from paid_day day
  group by 1, 2, 3, 4
),
wide as (
  select direction, processor, currency, month, ledger_total as ledger, processor_total as paid
  from ledger_total
  full join processor_total using (direction, processor, currency, month)
),
line as (
  -- a side that has nothing in a month is 0 there
  select wide.direction, wide.processor, wide.currency, wide.month, measure.name as measure,
    coalesce(measure.ledger, 0) as ledger, coalesce(measure.paid, 0) as paid
  from wide
  cross join lateral (values
    ('amount', (wide.ledger).amount, (wide.paid).amount),
    ('refund_fee', (wide.ledger).refund_fee, (wide.paid).refund_fee),
    ('returned_fee', (wide.ledger).returned_fee, (wide.paid).returned_fee)
  ) as measure (name, ledger, paid)
)
insert into tie_out_line
  (business_id, direction, processor, currency, month, measure, ledger, processor_total, difference, explained, unexplained, gross)
select own.business_id, line.direction, line.processor, line.currency, to_char(line.month, 'YYYY-MM'), line.measure,
  line.ledger, line.paid, line.ledger - line.paid, 0, line.ledger - line.paid, 0
from own cross join line
order by line.direction, line.processor, line.currency, line.month, line.measure
