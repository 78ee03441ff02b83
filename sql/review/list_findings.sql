-- Notes with findings that are new or changed what a worklist sorts, filters and searches by: the figure that stands first at each (an
-- effect on ledger minus processor where it has one in its currency, of the first measure that it has one of; else what its legs come
-- to, else its rows), the months in which it is reported, and its ids, references and amounts.
-- Grain: one row per finding. $1 business
with params as not materialized (
  select business.business_id, business.currency, coalesce(to_char(business.starts_on, 'YYYY-MM'), '') as starts_in
  from business where business.business_id = $1::uuid
),

found as materialized (
  select unlisted.*
  from params
  join discrepancy unlisted
    on unlisted.business_id = params.business_id and unlisted.status <> 'cleared' and unlisted.words is null
),

said as (
  -- each finding by itself: its items are looked up by their keys, whatever the planner knows of the tables
  select found.discrepancy_id, coalesce(effect_side.figure, leg_side.amount, row_side.amount) as figure,
    case when effect_side.figure is not null then found.currency when leg_side.amount is not null then params.currency
      when row_side.amount is not null then found.currency end as figure_currency,
    case when found.dated_on is not null then array(
      select distinct each.month
      from unnest(effect_side.months || leg_side.months || row_side.months || refund_side.months || to_char(found.dated_on, 'YYYY-MM'))
        as each (month)
      order by each.month
    ) end as months,
    lower(concat_ws(E'\n', '', found.discrepancy_id, refund_side.words, leg_side.words, row_side.words, '')) as words
  from params
  cross join found
  cross join lateral (
    select array_agg(effect.month) as months,
      coalesce(nullif(sum(effect.amount) filter (where own.counts), 0), nullif(sum(effect.refund_fee) filter (where own.counts), 0),
        nullif(sum(effect.returned_fee) filter (where own.counts), 0)) as figure
    from discrepancy_effect effect
    cross join lateral (select effect.currency = found.currency and effect.month >= params.starts_in as counts) own
    where effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id
  ) effect_side
  cross join lateral (
    select sum(leg.amount) as amount, array_agg(to_char(leg.completed_on, 'YYYY-MM')) as months,
      string_agg(concat_ws(E'\n', leg.refund_id, leg.leg_id, leg.external_id, refund.external_id,
        array_to_string(refund.reference_keys, E'\n'), array_to_string(refund.payment_keys, E'\n'), '=' || leg.amount), E'\n') as words
    from unnest(found.leg_nos) as listed (leg_no)
    cross join lateral (
      select * from ledger_leg leg where leg.business_id = params.business_id and leg.leg_no = listed.leg_no limit 1
    ) leg
    cross join lateral (
      select * from ledger_refund refund
      where refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id limit 1
    ) refund
  ) leg_side
  cross join lateral (
    select array_agg(to_char(line.occurred_on, 'YYYY-MM')) as months,
      sum(line.amount) filter (where line.type <> 'payment' and line.currency = found.currency) as amount,
      string_agg(concat_ws(E'\n', line.transaction_id, line.refund_id, array_to_string(line.payment_ids, E'\n'),
        array_to_string(line.reference_ids, E'\n'), line.payout_id, '=' || abs(line.amount)), E'\n') as words
    from unnest(found.row_nos) as listed (row_no)
    cross join lateral (
      select * from processor_row line where line.business_id = params.business_id and line.row_no = listed.row_no limit 1
    ) line
  ) row_side
  left join lateral (
    -- of a finding about a refund as a whole
    select concat_ws(E'\n', refund.refund_id, refund.external_id, array_to_string(refund.reference_keys, E'\n'),
        array_to_string(refund.payment_keys, E'\n'), '=' || refund.refunded_amount) as words,
      array(select to_char(leg.completed_on, 'YYYY-MM') from ledger_leg leg
        where leg.business_id = params.business_id and leg.direction = found.direction and leg.refund_id = found.refund_id) as months
    from ledger_refund refund
    where refund.business_id = params.business_id and refund.direction = found.direction and refund.refund_id = found.refund_id
    limit 1
  ) refund_side on found.refund_id is not null
)

update discrepancy stored
set figure = said.figure, figure_currency = said.figure_currency, months = said.months,
  words = said.words || coalesce('=' || abs(said.figure) || E'\n', '')
from said
where stored.business_id = $1::uuid and stored.discrepancy_id = said.discrepancy_id
