-- The matches with a refund that is booked against another payment than that of its rows (ALLOCATION_TARGET_MISMATCH): it
-- is allocated to payments, none of them is a reference key of the matched rows, and one of them, of a kind of which these
-- rows have payment ids, has that kind's shape or is a payment id of another stored row of the processor.
-- Grain: one row per match that is not balanced.
select distinct booked.business_id, booked.match_no
from (
  select matched.business_id, matched.match_no, leg.payment_keys
  from match_leg matched
  join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  where not matched.balanced and leg.payment_keys <> '{}'
) booked
cross join lateral (
  select min(line.processor) as processor, array_agg(key.id) as keys,
    array_agg(key.id) filter (where key.is_payment) as payment_ids
  from match_row matched
  join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  cross join lateral (
    select unnest(line.payment_ids) as id, true as is_payment
    union all
    select unnest(line.reference_ids), false
  ) key
  where matched.business_id = booked.business_id and matched.match_no = booked.match_no and not matched.balanced
) paid
cross join lateral unnest(booked.payment_keys) as asked (key)
cross join lateral (
  select (
    select min(kind.pattern) from payment_id_kind kind
    where kind.business_id = booked.business_id and kind.processor = paid.processor and asked.key ~ kind.pattern
  ) as pattern
) kind
where not booked.payment_keys && paid.keys
  and exists (
    select from unnest(paid.payment_ids) as own (id)
    where (
      select min(other.pattern) from payment_id_kind other
      where other.business_id = booked.business_id and other.processor = paid.processor and own.id ~ other.pattern
    ) is not distinct from kind.pattern)
  and (
    kind.pattern is not null
    or exists (
      select from row_of_payment stored
      where stored.business_id = booked.business_id and stored.payment_id = asked.key and stored.processor = paid.processor
    ))
