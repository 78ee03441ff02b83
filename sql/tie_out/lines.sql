-- The tie-out (spec section 6): ledger total minus processor total against the effects that explain it. Each side is
-- computed on its own: the totals from the stored legs and rows, whatever was matched; the explanation from the stored
-- effects. unexplained is what is left between them, and a bug when it is not 0.
-- Grain: one row per direction, processor, currency, month and measure. Volume: reads all legs and rows.
with params as (select $1::uuid as business_id),
own as (select business.business_id, business.currency from params join business on business.business_id = params.business_id),
ledger_total as (
  select leg.direction, coalesce(alias.processor, leg.processor_named, 'UNASSIGNED') as processor, own.currency,
    date_trunc('month', leg.completed_on)::date as month,
    sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee, sum(leg.returned_fee) as returned_fee
  from own
  join ledger_leg leg on leg.business_id = own.business_id and leg.active
  left join processor_alias alias on alias.business_id = leg.business_id and alias.alias = leg.processor_named
  where leg.processor_named is not null or coalesce(leg.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE')
  group by 1, 2, 3, 4
),
processor_total as (
  select
    case line.type when 'vendor_refund' then 'vendor' when 'refund' then 'customer'
      -- a reversal's direction is that of its refund
      else (select reversal.direction from work_reversal reversal where reversal.row_no = line.row_no) end as direction,
    line.processor, line.currency, date_trunc('month', line.occurred_on)::date as month,
    sum(line.amount) as amount, sum(line.refund_fee) as refund_fee, sum(line.returned_fee) as returned_fee
  from own
  join processor_row line on line.business_id = own.business_id
  where line.type in ('refund', 'refund_reversal', 'vendor_refund')
  group by 1, 2, 3, 4
),
explained as (
  select stored.direction, effect.processor, effect.currency, to_date(effect.month, 'YYYY-MM') as month,
    sum(effect.amount) as amount, sum(effect.refund_fee) as refund_fee, sum(effect.returned_fee) as returned_fee,
    sum(abs(effect.amount)) as gross_amount, sum(abs(effect.refund_fee)) as gross_refund_fee,
    sum(abs(effect.returned_fee)) as gross_returned_fee
  from own
  join discrepancy stored on stored.business_id = own.business_id and stored.status <> 'cleared'
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  group by 1, 2, 3, 4
),
wide as (
  select direction, processor, currency, month, ledger_total as ledger, processor_total as paid, explained as effect
  from ledger_total
  full join processor_total using (direction, processor, currency, month)
  full join explained using (direction, processor, currency, month)
),
line as (
  -- a side that has nothing in a month is 0 there
  select wide.direction, wide.processor, wide.currency, wide.month, measure.name as measure,
    coalesce(measure.ledger, 0) as ledger, coalesce(measure.paid, 0) as paid,
    coalesce(measure.effect, 0) as effect, coalesce(measure.gross, 0) as gross
  from wide
  cross join lateral (values
    ('amount', (wide.ledger).amount, (wide.paid).amount, (wide.effect).amount, (wide.effect).gross_amount),
    ('refund_fee', (wide.ledger).refund_fee, (wide.paid).refund_fee, (wide.effect).refund_fee, (wide.effect).gross_refund_fee),
    ('returned_fee', (wide.ledger).returned_fee, (wide.paid).returned_fee, (wide.effect).returned_fee, (wide.effect).gross_returned_fee)
  ) as measure (name, ledger, paid, effect, gross)
)
insert into tie_out_line
  (business_id, direction, processor, currency, month, measure, ledger, processor_total, difference, explained, unexplained, gross)
select own.business_id, line.direction, line.processor, line.currency, to_char(line.month, 'YYYY-MM'), line.measure,
  line.ledger, line.paid, line.ledger - line.paid, line.effect, line.ledger - line.paid - line.effect, line.gross
from own cross join line
order by line.direction, line.processor, line.currency, line.month, line.measure
