-- The effects of the findings that stand explain the differences between legs and rows, both summed anew: ledger total less
-- processor total is the sum of effects, by direction, processor, currency, month and measure. Holds after a run.
-- Grain: one row per difference that the effects do not explain.
select side.business_id,
  format('%s %s %s %s %s: %s is unexplained', side.direction, side.processor, side.currency, side.month, measure.name, sum(measure.amount)) as wrong
from (
  select business_id, direction, processor, currency, month, amount, refund_fee, returned_fee from leg where not is_outside
  union all
  select business_id, direction, processor, currency, month, -amount, -refund_fee, -returned_fee from refund_row
  union all
  select business_id, direction, processor, currency, month, 0, -refund_fee, -returned_fee from fee_line
  union all
  select stored.business_id, stored.direction, effect.processor, effect.currency, effect.month,
    -effect.amount, -effect.refund_fee, -effect.returned_fee
  from discrepancy stored
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  where stored.status <> 'cleared'
) side
join run_day run on run.business_id = side.business_id
cross join lateral (values
  ('amount', side.amount), ('refund_fee', side.refund_fee), ('returned_fee', side.returned_fee)
) as measure (name, amount)
where run.starts_on is null or to_date(side.month, 'YYYY-MM') >= run.starts_on
group by side.business_id, side.direction, side.processor, side.currency, side.month, measure.name
having sum(measure.amount) <> 0
