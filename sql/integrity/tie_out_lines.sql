-- The stored tie-out lines are what legs, rows, fee lines and effects come to, summed anew: none too few, none too many.
-- Holds after a run.
-- Grain: one row per line that is not.
with side as (
  select business_id, direction, processor, currency, month, refund_fee_tie, returned_fee_tie,
    amount as leg_amount, refund_fee as leg_refund_fee, returned_fee as leg_returned_fee,
    0 as row_amount, 0 as row_refund_fee, 0 as row_returned_fee, 0 as fee_lines
  from leg
  where not is_outside
  union all
  select business_id, direction, processor, currency, month, refund_fee_tie, returned_fee_tie, 0, 0, 0, amount, refund_fee, returned_fee, 0
  from refund_row
  union all
  select business_id, direction, processor, currency, month, 'month', 'month', 0, 0, 0, 0, refund_fee, returned_fee, 1
  from fee_line
),
effect as (
  select stored.business_id, stored.direction, effect.processor, effect.currency, effect.month, measure.name as measure,
    sum(measure.amount) as explained, sum(abs(measure.amount)) as gross
  from discrepancy stored
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  cross join lateral (values
    ('amount', effect.amount), ('refund_fee', effect.refund_fee), ('returned_fee', effect.returned_fee)
  ) as measure (name, amount)
  where stored.status <> 'cleared'
  group by stored.business_id, stored.direction, effect.processor, effect.currency, effect.month, measure.name
),
due as (
  select total.business_id, total.direction, total.processor, total.currency, total.month, total.measure, total.tied,
    total.ledger, total.processor_total, total.fee_lines, coalesce(effect.explained, 0) as explained, coalesce(effect.gross, 0) as gross
  from (
    select side.business_id, side.direction, side.processor, side.currency, side.month, measure.name as measure,
      min(measure.tied) as tied, sum(measure.ledger) as ledger, sum(measure.processor_total) as processor_total,
      sum(side.fee_lines) as fee_lines
    from side
    join run_day run on run.business_id = side.business_id
    cross join lateral (values
      ('amount', null, side.leg_amount, side.row_amount),
      ('refund_fee', side.refund_fee_tie, side.leg_refund_fee, side.row_refund_fee),
      ('returned_fee', side.returned_fee_tie, side.leg_returned_fee, side.row_returned_fee)
    ) as measure (name, tied, ledger, processor_total)
    where run.starts_on is null or to_date(side.month, 'YYYY-MM') >= run.starts_on
    group by side.business_id, side.direction, side.processor, side.currency, side.month, measure.name
  ) total
  left join effect
    on effect.business_id = total.business_id and effect.direction = total.direction and effect.processor = total.processor
    and effect.currency = total.currency and effect.month = total.month and effect.measure = total.measure
)
select coalesce(line.business_id, due.business_id) as business_id,
  format('%s %s %s %s %s: stored %s, summed anew %s',
    coalesce(line.direction, due.direction), coalesce(line.processor, due.processor), coalesce(line.currency, due.currency),
    coalesce(line.month, due.month), coalesce(line.measure, due.measure),
    case when line.measure is null then 'nothing' else format('%s - %s, explained %s', line.ledger, line.processor_total, line.explained) end,
    case when due.measure is null then 'nothing' else format('%s - %s, explained %s', due.ledger, due.processor_total, due.explained) end) as wrong
from tie_out_line line
full join due
  on due.business_id = line.business_id and due.direction = line.direction and due.processor = line.processor
  and due.currency = line.currency and due.month = line.month and due.measure = line.measure
where line.measure is null or due.measure is null
  or (line.tied, line.ledger, line.processor_total, line.fee_lines, line.explained, line.gross) is distinct from
    (due.tied, due.ledger, due.processor_total, due.fee_lines, due.explained, due.gross)
  or line.difference <> line.ledger - line.processor_total or line.unexplained <> line.difference - line.explained
