-- The month that is to be closed, which is the latest that is over at the last run's as_of (none over: the month of as_of), and the
-- worst one, where not every month is reconciled: by verdict, then by the gross difference of refunds in the business's currency, then the latest. With what its ledger
-- less processor totals come to: refunds net and gross, fees gross; customers and vendors apart, since these refunds come in.
-- Grain: one row per such month, currency and direction in which it has a difference; one without a currency where it has none.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

month as materialized (
  select said.month, said.verdict, said.reasons, business.currency, said.month < to_char(run.today, 'YYYY-MM') as is_over,
    array_position(array['incomplete', 'discrepant', 'waiting', 'reconciled'], said.verdict::text) as rank,
    signed.state = 'closed' as is_closed, signed.state, signed.prepared_by, signed.reviewed_by
  from params
  join business on business.business_id = params.business_id
  join run_day run on run.business_id = params.business_id
  join month_verdict said on said.business_id = params.business_id
  left join month_close signed
    on signed.business_id = params.business_id and signed.month = said.month and signed.state <> 'superseded'
),

sum_of as (
  select line.month, line.currency, line.direction,
    coalesce(sum(line.difference) filter (where line.measure = 'amount'), 0) as net,
    coalesce(sum(line.gross) filter (where line.measure = 'amount'), 0) as gross,
    coalesce(sum(line.gross) filter (where line.measure <> 'amount'), 0) as fees
  from params
  join reported_line line on line.business_id = params.business_id and (line.gross <> 0 or line.difference <> 0)
  group by line.month, line.currency, line.direction
),

ranked as (
  select month.month,
    row_number() over (order by month.is_over desc, month.month desc) = 1 as is_to_be_closed,
    row_number() over (order by coalesce(month.is_closed, false), month.rank, coalesce(sum(sum_of.gross), 0) desc, month.month desc) = 1 as is_worst
  from month
  left join sum_of on sum_of.month = month.month and sum_of.currency = month.currency
  group by month.month, month.rank, month.is_over, month.is_closed
)

select month.month, month.verdict, month.reasons, month.is_over, month.state, month.prepared_by, month.reviewed_by, ranked.is_to_be_closed, ranked.is_worst,
       sum_of.currency, sum_of.direction, sum_of.net, sum_of.gross, sum_of.fees
from ranked
join month on month.month = ranked.month
left join sum_of on sum_of.month = month.month
where ranked.is_to_be_closed or (ranked.is_worst and month.verdict <> 'reconciled' and month.is_closed is not true)
order by ranked.is_to_be_closed desc, sum_of.direction, sum_of.currency <> month.currency, sum_of.currency
