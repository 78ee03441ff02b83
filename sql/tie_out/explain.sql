-- What explains each line's difference (spec section 6), from the stored effects alone: explained is their sum, gross the
-- sum of their absolute values, unexplained what is left between the difference and them: a bug when it is not 0.
-- Grain: one row per tie-out line in which anything differs.
with params as not materialized (select $1::uuid as business_id),
effect as (
  select stored.direction, effect.processor, effect.currency, effect.month, measure.name as measure,
    sum(measure.effect) as explained, sum(abs(measure.effect)) as gross
  from params
  join discrepancy stored on stored.business_id = params.business_id and stored.status <> 'cleared'
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  cross join lateral (values
    ('amount', effect.amount), ('refund_fee', effect.refund_fee), ('returned_fee', effect.returned_fee)
  ) as measure (name, effect)
  group by stored.direction, effect.processor, effect.currency, effect.month, measure.name
),
told as (
  -- a line without an effect has 0 explained
  select line.direction, line.processor, line.currency, line.month, line.measure,
    coalesce(effect.explained, 0) as explained, coalesce(effect.gross, 0) as gross
  from params
  join tie_out_line line on line.business_id = params.business_id
  left join effect using (direction, processor, currency, month, measure)
)
update tie_out_line line
set explained = told.explained, unexplained = line.difference - told.explained, gross = told.gross
from params cross join told
where line.business_id = params.business_id and line.direction = told.direction and line.processor = told.processor
  and line.currency = told.currency and line.month = told.month and line.measure = told.measure
  and (line.explained, line.gross) is distinct from (told.explained, told.gross)
