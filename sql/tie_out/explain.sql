-- What explains each line's difference (spec section 6), from the stored effects alone: explained is their sum, gross the
-- sum of their absolute values, unexplained what is left of the difference: a bug when it is not 0. An effect in a month
-- where nothing stands gets a line of its own, so that it shows as unexplained.
-- Grain: one row per tie-out line that changed. $1 business
with effect as (
  select stored.direction, effect.processor, effect.currency, effect.month, measure.name as measure,
    sum(measure.effect) as explained, sum(abs(measure.effect)) as gross
  from discrepancy stored
  join business on business.business_id = stored.business_id
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  cross join lateral (values
    ('amount', effect.amount), ('refund_fee', effect.refund_fee), ('returned_fee', effect.returned_fee)
  ) as measure (name, effect)
  where stored.business_id = $1::uuid and stored.status <> 'cleared'
    and (business.starts_on is null or to_date(effect.month, 'YYYY-MM') >= business.starts_on)
  group by stored.direction, effect.processor, effect.currency, effect.month, measure.name
),
told as (
  select line.direction, line.processor, line.currency, line.month, line.measure, line.tied, line.ledger, line.processor_total,
    line.difference, coalesce(effect.explained, 0) as explained, coalesce(effect.gross, 0) as gross
  from tie_out_line line
  left join effect
    on effect.direction = line.direction and effect.processor = line.processor and effect.currency = line.currency
    and effect.month = line.month and effect.measure = line.measure
  where line.business_id = $1::uuid
    and (line.explained, line.gross, line.unexplained)
      <> (coalesce(effect.explained, 0), coalesce(effect.gross, 0), line.difference - coalesce(effect.explained, 0))
  union all
  select effect.direction, effect.processor, effect.currency, effect.month, effect.measure,
    case effect.measure when 'refund_fee' then coalesce(fee.refund_fee_tie, 'per_refund')
      when 'returned_fee' then coalesce(fee.returned_fee_tie, 'per_refund') end, 0, 0, 0, effect.explained, effect.gross
  from effect
  left join fee_span fee
    on fee.business_id = $1::uuid and fee.processor = effect.processor
    and to_date(effect.month, 'YYYY-MM') >= fee.from_month and to_date(effect.month, 'YYYY-MM') < fee.before_month
  where not exists (
    select from tie_out_line line
    where line.business_id = $1::uuid and line.direction = effect.direction and line.processor = effect.processor
      and line.currency = effect.currency and line.month = effect.month and line.measure = effect.measure)
)
insert into tie_out_line
  (business_id, direction, processor, currency, month, measure, tied, ledger, processor_total, difference, explained, unexplained, gross)
select $1::uuid, told.direction, told.processor, told.currency, told.month, told.measure, told.tied, told.ledger, told.processor_total,
  told.difference, told.explained, told.difference - told.explained, told.gross
from told
on conflict (business_id, direction, processor, currency, month, measure) do update
set explained = excluded.explained, unexplained = excluded.unexplained, gross = excluded.gross
