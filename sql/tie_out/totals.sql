-- The two sides of the tie-out (spec section 6), summed from the stored legs, rows and fee lines of the months given,
-- whatever was matched; and beside them the legs outside processors. Nothing is summed before starts_on. What explains a
-- difference is put beside it by explain.sql.
-- Grain: one row per direction, processor, currency, month and measure with a leg, a row or a fee line; and one per
-- direction, method, processor, currency and month with a leg outside. Written where they differ from what is stored.
-- $1 business, $2 whether all months are summed, $3 else the months, as YYYY-MM
with span as (
  select greatest(month.first_day, business.starts_on) as first_day, month.day_after
  from business
  cross join lateral (
    select '-infinity'::date as first_day, 'infinity'::date as day_after where $2::boolean
    union all
    select to_date(asked.month, 'YYYY-MM'), (to_date(asked.month, 'YYYY-MM') + interval '1 month')::date
    from (select distinct unnest($3::text[]) as month) asked
    where not $2::boolean
  ) month
  where business.business_id = $1::uuid
),
leg_day as materialized (
  select leg.direction, leg.processor, leg.currency, leg.on_date, leg.is_outside,
    case when leg.is_outside then coalesce(leg.method, '') end as method, leg.refund_fee_tie, leg.returned_fee_tie,
    count(*) as legs, sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee, sum(leg.returned_fee) as returned_fee
  from span
  join leg on leg.business_id = $1::uuid and leg.on_date >= span.first_day and leg.on_date < span.day_after
  group by leg.direction, leg.processor, leg.currency, leg.on_date, leg.is_outside, 6, leg.refund_fee_tie, leg.returned_fee_tie
),
row_day as (
  select line.direction, line.processor, line.currency, line.on_date, line.refund_fee_tie, line.returned_fee_tie,
    sum(line.amount) as amount, sum(line.refund_fee) as refund_fee, sum(line.returned_fee) as returned_fee
  from span
  join refund_row line on line.business_id = $1::uuid and line.on_date >= span.first_day and line.on_date < span.day_after
  group by line.direction, line.processor, line.currency, line.on_date, line.refund_fee_tie, line.returned_fee_tie
),
fee_day as (
  select fee.direction, fee.processor, fee.currency, fee.on_date,
    count(*) as fee_lines, sum(fee.refund_fee) as refund_fee, sum(fee.returned_fee) as returned_fee
  from span
  join fee_line fee on fee.business_id = $1::uuid and fee.on_date >= span.first_day and fee.on_date < span.day_after
  group by fee.direction, fee.processor, fee.currency, fee.on_date
),
side as (
  select direction, processor, currency, on_date, refund_fee_tie, returned_fee_tie,
    amount as leg_amount, refund_fee as leg_refund_fee, returned_fee as leg_returned_fee,
    0 as row_amount, 0 as row_refund_fee, 0 as row_returned_fee, 0 as fee_lines
  from leg_day
  where not is_outside
  union all
  select direction, processor, currency, on_date, refund_fee_tie, returned_fee_tie, 0, 0, 0, amount, refund_fee, returned_fee, 0
  from row_day
  union all
  -- only a policy that ties fees by the month has fee lines
  select direction, processor, currency, on_date, 'month', 'month', 0, 0, 0, 0, refund_fee, returned_fee, fee_lines
  from fee_day
),
total as (
  select side.direction, side.processor, side.currency, to_char(side.on_date, 'YYYY-MM') as month,
    measure.name as measure, min(measure.tied collate "C") as tied,
    sum(measure.ledger) as ledger, sum(measure.processor_total) as processor_total,
    sum(side.fee_lines)::bigint as fee_lines
  from side
  cross join lateral (values
    ('amount', null, side.leg_amount, side.row_amount),
    ('refund_fee', side.refund_fee_tie, side.leg_refund_fee, side.row_refund_fee),
    ('returned_fee', side.returned_fee_tie, side.leg_returned_fee, side.row_returned_fee)
  ) as measure (name, tied, ledger, processor_total)
  group by side.direction, side.processor, side.currency, 4, measure.name
),
outside as (
  -- UNASSIGNED is no name: the leg names no processor
  select leg.direction, leg.method, case leg.processor when 'UNASSIGNED' then '' else leg.processor end as processor,
    leg.currency, to_char(leg.on_date, 'YYYY-MM') as month, sum(leg.legs)::bigint as legs, sum(leg.amount) as amount
  from leg_day leg
  where leg.is_outside
  group by leg.direction, leg.method, 3, leg.currency, 5
),
line_gone as (
  delete from tie_out_line stored
  where stored.business_id = $1::uuid and ($2::boolean or stored.month = any ($3::text[])) and not exists (
    select from total
    where total.direction = stored.direction and total.processor = stored.processor and total.currency = stored.currency
      and total.month = stored.month and total.measure = stored.measure)
),
outside_gone as (
  delete from outside_total stored
  where stored.business_id = $1::uuid and ($2::boolean or stored.month = any ($3::text[])) and not exists (
    select from outside
    where outside.direction = stored.direction and outside.method = stored.method and outside.processor = stored.processor
      and outside.currency = stored.currency and outside.month = stored.month)
),
outside_stored as (
  insert into outside_total as stored (business_id, direction, method, processor, currency, month, legs, amount)
  select $1::uuid, outside.direction, outside.method, outside.processor, outside.currency, outside.month, outside.legs, outside.amount
  from outside
  on conflict (business_id, direction, method, processor, currency, month) do update
  set legs = excluded.legs, amount = excluded.amount
  where (stored.legs, stored.amount) <> (excluded.legs, excluded.amount)
)
insert into tie_out_line as stored
  (business_id, direction, processor, currency, month, measure, tied, ledger, processor_total, fee_lines, difference, explained,
   unexplained, gross)
select $1::uuid, total.direction, total.processor, total.currency, total.month, total.measure, total.tied,
  total.ledger, total.processor_total, total.fee_lines, total.ledger - total.processor_total, 0, total.ledger - total.processor_total, 0
from total
on conflict (business_id, direction, processor, currency, month, measure) do update
set tied = excluded.tied, ledger = excluded.ledger, processor_total = excluded.processor_total,
  fee_lines = excluded.fee_lines, difference = excluded.difference, unexplained = excluded.difference - stored.explained
where (stored.tied, stored.ledger, stored.processor_total, stored.fee_lines)
  is distinct from (excluded.tied, excluded.ledger, excluded.processor_total, excluded.fee_lines)
