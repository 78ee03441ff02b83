-- Pairs in bulk what pass 1 would match and no check has anything to say of: a leg's first identity key is the refund_id of
-- exactly one row of its own processor, nobody else names either, and amount, fees, currency and month agree. An
-- optimisation: what it leaves, matchBusiness matches.
-- Grain: one row per direction and processor, with what was paired. $1 business, $2 the last number that the last run looked at,
-- $3 whether matches stand: then nothing is paired that may undo one, or what one would set free may compete with; $4 whether
-- everything is matched anew: then the stored matches that are such pairs stay as they are, and the others are set aside. A pair
-- whose leg or row was in one of the others is left to matchBusiness: one statement cannot delete a record and store another
-- with the same leg or row
with open_leg as materialized (
  select open.item_no from open_item open where open.business_id = $1::uuid and open.side = 'leg'
),
open_line as materialized (
  select open.item_no from open_item open where open.business_id = $1::uuid and open.side = 'row'
),
named as materialized (
  select leg.identity_keys[1] as key from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 0
  union all
  select leg.identity_keys[2] from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 1
),
named_transaction as materialized (
  -- grouped: else the planner would expect as many as there are legs, and put all pairs into a hash table
  select named.key
  from named
  join processor_row line on line.business_id = $1::uuid and line.transaction_id = named.key
  group by named.key
),
shared_refund as materialized (
  select line.refund_id from processor_row line
  where line.business_id = $1::uuid and line.refund_id is not null
  group by line.refund_id
  having count(*) > 1
),
reversed_payment as materialized (
  select distinct line.processor, payment_id
  from processor_row line
  cross join unnest(line.payment_ids) as payment_id
  where line.business_id = $1::uuid and line.type = 'refund_reversal' and line.refund_id is null
),
ruled as materialized (
  select unnest(ruling.leg_nos || ruling.row_nos) as item_no from ruling
  where ruling.business_id = $1::uuid and ruling.forgotten_at is null
  union
  select touched.item_no from touched_item touched where touched.business_id = $1::uuid
),
cancelled_key as materialized (
  select distinct key
  from match_item matched
  join processor_row line on line.business_id = $1::uuid and line.row_no = matched.row_no
  cross join unnest(line.payment_ids || line.reference_ids) as key
  where matched.business_id = $1::uuid and matched.pass = 'cancelled' and $3::boolean
),
contested as materialized (
  select named.key from named group by named.key having count(*) > 1
),
pair as materialized (
  select leg.business_id, leg.leg_no, line.row_no, leg.direction, leg.processor, leg.amount
  from leg
  join refund_row line on line.business_id = $1::uuid and line.refund_id = leg.identity_keys[1]
  where leg.business_id = $1::uuid
  -- compared apart first: of all legs of a long history the subqueries further down would take minutes
  and (not $3::boolean or leg.leg_no > $2::bigint or leg.leg_no in (select open_leg.item_no from open_leg))
  -- one expression: of so many conditions that hold for nearly all pairs the planner would expect one pair
  and coalesce(
    (leg.leg_no > $2::bigint or leg.leg_no in (select open_leg.item_no from open_leg)) and not leg.is_outside
    and (line.row_no > $2::bigint or line.row_no in (select open_line.item_no from open_line))
    and line.type in ('refund', 'vendor_refund') and line.amount <> 0 and cardinality(line.payment_ids) <= 2
    and line.processor = leg.processor and line.direction = leg.direction
    and line.currency = leg.currency and line.amount = leg.amount and (line.on_date = leg.on_date or line.month = leg.month) -- dates first: a month is a text to be made
    and (line.refund_fee_tie = 'per_refund') = (leg.refund_fee_tie = 'per_refund')
    and (line.refund_fee_tie <> 'per_refund' or line.refund_fee = leg.refund_fee)
    and (line.returned_fee_tie = 'per_refund') = (leg.returned_fee_tie = 'per_refund')
    and (line.returned_fee_tie <> 'per_refund' or line.returned_fee = leg.returned_fee)
    and (leg.payment_keys = '{}' or leg.payment_keys && line.payment_ids or leg.payment_keys && line.reference_ids), false)
  and not exists (select from contested other where other.key = line.refund_id)
  and not exists (select from shared_refund other where other.refund_id = line.refund_id)
  and not exists (select from named_transaction other where other.key = line.transaction_id)
  -- the leg names no row of a match, and shares no key with a cancelled refund
  and (not $3::boolean or not (
    exists (
      select from processor_row other
      where other.business_id = $1::uuid and other.transaction_id = leg.identity_keys[1] and other.row_no <> line.row_no)
    or exists (select from processor_row other where other.business_id = $1::uuid and other.refund_id = leg.identity_keys[2])
    or exists (select from processor_row other where other.business_id = $1::uuid and other.transaction_id = leg.identity_keys[2])
    or exists (
      select from ledger_refund refund cross join unnest(refund.reference_keys) as own (key)
      where refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
        and own.key in (select cancelled_key.key from cancelled_key))))
  -- no reversal that may belong to the row by its payment
  and not exists (
    select from reversed_payment other where other.processor = line.processor and other.payment_id = line.payment_ids[1])
  and not exists (
    select from reversed_payment other where other.processor = line.processor and other.payment_id = line.payment_ids[2])
  and not exists (select from ruled where ruled.item_no = leg.leg_no)
  and not exists (select from ruled where ruled.item_no = line.row_no)
),
before as materialized (
  select matched.match_no, matched.pass, matched.leg_no, matched.row_no, matched.leg_amount
  from match_item matched where $4::boolean and matched.business_id = $1::uuid
),
compared as materialized (
  select pair.*, before.leg_no is null as is_new,
    coalesce(before.row_no = pair.row_no and before.match_no = pair.leg_no and before.pass = 'refund_id'
      and before.leg_amount = pair.amount, false) as is_again
  from pair left join before on before.leg_no = pair.leg_no
),
made as materialized (
  select compared.* from compared where compared.is_again
  union all
  select compared.* from compared where compared.is_new and not exists (select from before where before.row_no = compared.row_no)
),
closed_leg as (
  delete from open_item open using made where open.business_id = $1::uuid and open.item_no = made.leg_no
),
closed_row as (
  delete from open_item open using made where open.business_id = $1::uuid and open.item_no = made.row_no
),
aside as (
  -- counted first: mostly there is none, and the table need not be read
  delete from match_item matched
  where $4::boolean and (select count(*) from before) > (select count(*) from made where made.is_again)
    and matched.business_id = $1::uuid
    and not exists (select from made where made.leg_no = matched.leg_no and made.is_again)
  returning matched.business_id, matched.match_no, matched.pass, matched.leg_no, matched.row_no
),
kept_aside as (
  insert into match_before (business_id, match_no, pass, leg_no, row_no)
  select business_id, match_no, pass, leg_no, row_no from aside
),
stored as (
  insert into match_item (business_id, match_no, pass, leg_no, row_no, leg_amount, balanced)
  select business_id, leg_no, 'refund_id', leg_no, row_no, amount, true from made where made.is_new order by leg_no
)
select direction, processor, 'refund_id' as pass, count(*) as legs, count(*) as rows, sum(amount) as amount, count(*) as count
from made
group by direction, processor
