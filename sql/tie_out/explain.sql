-- What explains each line's difference (spec section 6), from the stored effects alone: explained is their sum, gross the
-- sum of their absolute values, unexplained what is left of the difference: a bug when it is not 0. An effect in a month
-- where nothing stands gets a line of its own, so that it shows as unexplained. findings is for the roll-forward: a finding counts
-- in the first of its months. Beside it, what leads from the ledger to the processors of each month by cause.
-- Grain: one row per tie-out line that changed. $1 business
with part as materialized (
  select stored.direction, effect.processor, effect.currency, effect.month, stored.code, sum(effect.amount) as amount,
    sum(abs(effect.amount)) as gross, sum(effect.refund_fee) as refund_fee, sum(abs(effect.refund_fee)) as refund_fee_gross,
    sum(effect.returned_fee) as returned_fee, sum(abs(effect.returned_fee)) as returned_fee_gross,
    count(*) filter (where effect.is_first) as findings
  from discrepancy stored
  join (
    select own.*, row_number() over (partition by own.discrepancy_id, own.processor, own.currency order by own.month) = 1 as is_first
    from business
    join discrepancy_effect own on own.business_id = business.business_id
    where business.business_id = $1::uuid and (business.starts_on is null or to_date(own.month, 'YYYY-MM') >= business.starts_on)
  ) effect on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id
  where stored.business_id = $1::uuid and stored.status <> 'cleared'
  group by stored.direction, effect.processor, effect.currency, effect.month, stored.code
),
effect as (
  select part.direction, part.processor, part.currency, part.month, measure.name as measure,
    sum(measure.effect) as explained, sum(measure.gross) as gross, sum(part.findings)::bigint as findings
  from part
  cross join lateral (values
    ('amount', part.amount, part.gross), ('refund_fee', part.refund_fee, part.refund_fee_gross),
    ('returned_fee', part.returned_fee, part.returned_fee_gross)
  ) as measure (name, effect, gross)
  group by part.direction, part.processor, part.currency, part.month, measure.name
),
cause as materialized (
  select part.month, part.direction, part.currency, part.code, sum(part.amount) as amount, sum(part.gross) as gross,
    sum(part.refund_fee) as refund_fee, sum(part.returned_fee) as returned_fee
  from part
  group by part.month, part.direction, part.currency, part.code
),
causes_gone as (
  delete from month_cause stored
  where stored.business_id = $1::uuid
    and not exists (
      select from cause
      where cause.month = stored.month and cause.direction = stored.direction and cause.currency = stored.currency
        and cause.code = stored.code)
),
causes_stored as (
  insert into month_cause as stored (business_id, month, direction, currency, code, amount, gross, refund_fee, returned_fee)
  select $1::uuid, month, direction, currency, code, amount, gross, refund_fee, returned_fee
  from cause
  on conflict (business_id, month, direction, currency, code) do update
  set amount = excluded.amount, gross = excluded.gross, refund_fee = excluded.refund_fee, returned_fee = excluded.returned_fee
  where (stored.amount, stored.gross, stored.refund_fee, stored.returned_fee)
    is distinct from (excluded.amount, excluded.gross, excluded.refund_fee, excluded.returned_fee)
),
told as (
  select line.direction, line.processor, line.currency, line.month, line.measure, line.tied, line.ledger, line.processor_total,
    line.difference, coalesce(effect.explained, 0) as explained, coalesce(effect.gross, 0) as gross, coalesce(effect.findings, 0) as findings
  from tie_out_line line
  left join effect
    on effect.direction = line.direction and effect.processor = line.processor and effect.currency = line.currency
    and effect.month = line.month and effect.measure = line.measure
  where line.business_id = $1::uuid
    and (line.explained, line.gross, line.unexplained, line.findings)
      <> (coalesce(effect.explained, 0), coalesce(effect.gross, 0), line.difference - coalesce(effect.explained, 0), coalesce(effect.findings, 0))
  union all
  select effect.direction, effect.processor, effect.currency, effect.month, effect.measure,
    case effect.measure when 'refund_fee' then coalesce(fee.refund_fee_tie, 'per_refund')
      when 'returned_fee' then coalesce(fee.returned_fee_tie, 'per_refund') end, 0, 0, 0, effect.explained, effect.gross,
    effect.findings
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
  (business_id, direction, processor, currency, month, measure, tied, ledger, processor_total, difference, explained, unexplained, gross,
   findings)
select $1::uuid, told.direction, told.processor, told.currency, told.month, told.measure, told.tied, told.ledger, told.processor_total,
  told.difference, told.explained, told.difference - told.explained, told.gross, told.findings
from told
on conflict (business_id, direction, processor, currency, month, measure) do update
set explained = excluded.explained, unexplained = excluded.unexplained, gross = excluded.gross, findings = excluded.findings
