-- The two sides of the tie-out (spec section 6): ledger total and processor total of the months that are summed again, from
-- the stored legs and rows, whatever was matched. What explains the difference is put beside them by explain.sql.
-- Grain: one row per direction, processor, currency, touched month and measure with a leg or a row.
with params as not materialized (select $1::uuid as business_id),
own as not materialized (select params.business_id, business.currency from params join business on business.business_id = params.business_id),
-- by day first: there are some thousand days, and a month is worked out for each of those, not for a million items
ledger_day as (
  select leg.direction, leg.processor_named, leg.completed_on as day,
    sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee, sum(leg.returned_fee) as returned_fee
  from params cross join summed_span span
  join ledger_leg leg on leg.business_id = params.business_id and leg.active
  where leg.completed_on >= span.first_day and leg.completed_on < span.day_after
    and (leg.processor_named is not null or coalesce(leg.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE'))
  group by leg.direction, leg.processor_named, leg.completed_on
),
ledger_total as (
  select day.direction, coalesce(alias.processor, day.processor_named, 'UNASSIGNED') as processor, own.currency,
    date_trunc('month', day.day)::date as month,
    sum(day.amount) as amount, sum(day.refund_fee) as refund_fee, sum(day.returned_fee) as returned_fee
  from own
  cross join ledger_day day
  cross join summed_span span
  left join processor_alias alias on alias.business_id = own.business_id and alias.alias = day.processor_named
  where span.every_month or date_trunc('month', day.day)::date = any(span.months)
  group by 1, 2, 3, 4
),
processor_day as (
  select line.type, line.processor, line.currency, line.occurred_on as day,
    sum(line.amount) as amount, sum(line.refund_fee) as refund_fee, sum(line.returned_fee) as returned_fee
  from params cross join summed_span span
  join processor_row line on line.business_id = params.business_id and line.type in ('refund', 'vendor_refund')
  where line.occurred_on >= span.first_day and line.occurred_on < span.day_after
  group by line.type, line.processor, line.currency, line.occurred_on
  union all
  -- a reversal's direction is that of its refund
  select case reversal.direction when 'vendor' then 'vendor_refund' else 'refund' end, reversal.processor, reversal.currency,
    reversal.on_date, reversal.amount, reversal.refund_fee, reversal.returned_fee
  from work_reversal reversal
),
processor_total as (
  select case day.type when 'vendor_refund' then 'vendor' else 'customer' end as direction, day.processor, day.currency,
    date_trunc('month', day.day)::date as month,
    sum(day.amount) as amount, sum(day.refund_fee) as refund_fee, sum(day.returned_fee) as returned_fee
  from processor_day day
  cross join summed_span span
  where span.every_month or date_trunc('month', day.day)::date = any(span.months)
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
