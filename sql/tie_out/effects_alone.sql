-- Lines for effects in a month where neither side has a leg or a row left to stand on: there are none while every effect
-- comes of stored items, and then nothing is written; were there one, it must show, as something unexplained.
-- Grain: one row per direction, processor, currency, month and measure.
with params as not materialized (select $1::uuid as business_id),
effect as (
  select distinct stored.direction, effect.processor, effect.currency, effect.month
  from params
  join discrepancy stored on stored.business_id = params.business_id and stored.status <> 'cleared'
  join discrepancy_effect effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
)
insert into tie_out_line
  (business_id, direction, processor, currency, month, measure, ledger, processor_total, difference, explained, unexplained, gross)
select params.business_id, effect.direction, effect.processor, effect.currency, effect.month, measure, 0, 0, 0, 0, 0, 0
from params cross join effect cross join unnest(array['amount', 'refund_fee', 'returned_fee']) as measure
where not exists (
  select from tie_out_line line
  where line.business_id = params.business_id and line.direction = effect.direction and line.processor = effect.processor
    and line.currency = effect.currency and line.month = effect.month and line.measure = measure)
