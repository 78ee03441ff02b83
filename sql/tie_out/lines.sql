-- The two sides of the tie-out (spec section 6): ledger total and processor total of every month that is summed again,
-- from the stored legs and rows, whatever was matched. What explains the difference is put beside them by explain.sql.
-- Grain: one row per direction, processor, currency, touched month and measure with a leg or a row.
with params as not materialized (select $1::uuid as business_id),
own as (select business.business_id, business.currency from params join business on business.business_id = params.business_id),
span as (select min(month) as first_day, (max(month) + interval '1 month')::date as day_after from touched_month),
ledger_total as (
  select leg.direction, coalesce(alias.processor, leg.processor_named, 'UNASSIGNED') as processor, own.currency,
    date_trunc('month', leg.completed_on)::date as month,
    sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee, sum(leg.returned_fee) as returned_fee
  from own cross join span
  join ledger_leg leg on leg.business_id = own.business_id and leg.active
  left join processor_alias alias on alias.business_id = leg.business_id and alias.alias = leg.processor_named
  where leg.completed_on >= span.first_day and leg.completed_on < span.day_after
    and date_trunc('month', leg.completed_on)::date in (select month from touched_month)
    and (leg.processor_named is not null or coalesce(leg.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE'))
  group by 1, 2, 3, 4
),
processor_total as (
  select
    case line.type when 'vendor_refund' then 'vendor' when 'refund' then 'customer'
      -- a reversal's direction is that of its refund
      else (select reversal.direction from work_reversal reversal where reversal.row_no = line.row_no) end as direction,
    line.processor, line.currency, date_trunc('month', line.occurred_on)::date as month,
    sum(line.amount) as amount, sum(line.refund_fee) as refund_fee, sum(line.returned_fee) as returned_fee
  from own cross join span
  join processor_row line on line.business_id = own.business_id
  where line.occurred_on >= span.first_day and line.occurred_on < span.day_after
    and date_trunc('month', line.occurred_on)::date in (select month from touched_month)
    and line.type in ('refund', 'refund_reversal', 'vendor_refund')
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
