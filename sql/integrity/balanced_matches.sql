-- A match that is balanced needs no finding, judged anew by all its legs and rows: nothing is left in any month, processor and
-- currency, fees under per_refund; beside legs no reversal and no other currency; of pass 1 no other processor; no refund is
-- booked against another payment. Holds after a run.
-- Grain: one row per balanced match, not wholly before starts_on, that needs one.
with item as (
  select matched.business_id, matched.match_no, matched.pass, leg.on_date, leg.month, leg.processor, leg.currency, leg.amount,
    leg.refund_fee, leg.returned_fee, leg.refund_fee_tie, leg.returned_fee_tie, true as is_leg, false as is_reversal
  from match_leg matched
  join leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  where matched.balanced
  union all
  select matched.business_id, matched.match_no, matched.pass, line.on_date, line.month, line.processor, line.currency, -line.amount,
    -line.refund_fee, -line.returned_fee, line.refund_fee_tie, line.returned_fee_tie, false, line.is_reversal
  from match_row matched
  join refund_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  where matched.balanced
),
part as (
  select business_id, match_no, month, processor, currency, min(pass) as pass, max(on_date) as last_on, bool_or(is_leg) as has_leg,
    bool_or(is_reversal) as has_reversal, sum(amount) as amount,
    coalesce(sum(refund_fee) filter (where refund_fee_tie = 'per_refund'), 0) as refund_fee,
    coalesce(sum(returned_fee) filter (where returned_fee_tie = 'per_refund'), 0) as returned_fee
  from item
  group by business_id, match_no, month, processor, currency
),
whole as (
  select part.business_id, part.match_no, min(part.pass) as pass, max(part.last_on) as last_on, bool_or(part.has_leg) as has_leg,
    bool_or(part.has_reversal) as has_reversal, bool_or(part.currency <> business.currency) as has_foreign_row,
    min(part.processor) <> max(part.processor) as is_elsewhere,
    bool_or(part.amount <> 0 or part.refund_fee <> 0 or part.returned_fee <> 0) as differs
  from part
  join business on business.business_id = part.business_id
  group by part.business_id, part.match_no
),
booked as (
  -- the refunds of balanced matches that are booked against payments, none of which is a key of the rows
  select own.business_id, own.match_no, own.payment_keys, paid.processor, paid.payment_ids
  from (
    select matched.business_id, matched.match_no, leg.payment_keys
    from match_leg matched
    join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
    where matched.balanced and leg.payment_keys <> '{}'
  ) own
  join (
    select matched.business_id, matched.match_no, min(line.processor) as processor,
      array_agg(key.id) as keys, array_agg(key.id) filter (where key.is_payment) as payment_ids
    from match_row matched
    join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
    cross join lateral (
      select unnest(line.payment_ids) as id, true as is_payment
      union all
      select unnest(line.reference_ids), false
    ) key
    where matched.balanced
    group by matched.business_id, matched.match_no
  ) paid on paid.business_id = own.business_id and paid.match_no = own.match_no
  where not own.payment_keys && paid.keys
),
misbooked as (
  select distinct booked.business_id, booked.match_no
  from booked
  cross join unnest(booked.payment_keys) as asked (key)
  cross join lateral (
    select (
      select min(kind.pattern) from payment_id_kind kind
      where kind.business_id = booked.business_id and kind.processor = booked.processor and asked.key ~ kind.pattern
    ) as pattern
  ) kind
  where exists (
      select from unnest(booked.payment_ids) as paid (id)
      where (
        select min(other.pattern) from payment_id_kind other
        where other.business_id = booked.business_id and other.processor = booked.processor and paid.id ~ other.pattern
      ) is not distinct from kind.pattern)
    and (
      kind.pattern is not null
      or exists (
        select from row_of_payment stored
        where stored.business_id = booked.business_id and stored.payment_id = asked.key and stored.processor = booked.processor))
)
select whole.business_id, format('match %s is balanced, but %s', whole.match_no, fault.text) as wrong
from whole
join business on business.business_id = whole.business_id
left join misbooked on misbooked.business_id = whole.business_id and misbooked.match_no = whole.match_no
cross join lateral (values
  (whole.differs, 'its legs and rows differ in a month'),
  (whole.has_leg and whole.has_reversal, 'a row of it was reversed'),
  (whole.has_leg and whole.has_foreign_row, 'its rows are in another currency'),
  (whole.pass = 'refund_id' and whole.is_elsewhere, 'its rows are another processor''s'),
  (misbooked.match_no is not null, 'a refund of it is booked against another payment')
) as fault (is_so, text)
where fault.is_so and (business.starts_on is null or whole.last_on >= business.starts_on)
