-- Pairs in bulk what pass 2 would match and no check has anything to say of: a leg and a row that are each other's only
-- candidate of one amount under a payment id, named by nobody else, where the leg's identity keys name no row and cannot forbid
-- the pair. An optimisation: what it leaves, matchBusiness matches.
-- Grain: one row per direction and processor, with what was paired. $1 business, $2 the last number that the last run looked at,
-- $3 whether matches stand: then nothing is paired that may undo one, or what one would set free may compete with
with loose_leg as materialized (
  select leg.leg_no from ledger_leg leg
  where leg.business_id = $1::uuid and leg.leg_no > $2::bigint
    and not exists (select from match_item matched where matched.business_id = $1::uuid and matched.leg_no = leg.leg_no)
  union all
  select open.item_no from open_item open where open.business_id = $1::uuid and open.side = 'leg' and open.item_no <= $2::bigint
),
loose_row as materialized (
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and line.row_no > $2::bigint and line.type in ('refund', 'vendor_refund') and line.active
    and not exists (select from match_item matched where matched.business_id = $1::uuid and matched.row_no = line.row_no)
  union all
  select open.item_no from open_item open where open.business_id = $1::uuid and open.side = 'row' and open.item_no <= $2::bigint
),
named as materialized (
  select leg.identity_keys[1] as key from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 0
  union all
  select leg.identity_keys[2] from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 1
),
named_transaction as materialized (
  select named.key
  from named
  join processor_row line on line.business_id = $1::uuid and line.transaction_id = named.key
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
named_refund as materialized (
  select named.key
  from named
  join processor_row line on line.business_id = $1::uuid and line.refund_id = named.key
),
candidate as materialized (
  select distinct leg.leg_no, line.row_no
  from loose_leg
  join leg on leg.business_id = $1::uuid and leg.leg_no = loose_leg.leg_no and not leg.is_outside
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  cross join unnest(refund.reference_keys) as own (key)
  join (
    select line.row_no, line.processor, line.direction, line.amount, line.currency, paid.payment_id
    from loose_row
    join processor_row line on line.business_id = $1::uuid and line.row_no = loose_row.row_no
    cross join unnest(line.payment_ids) as paid (payment_id)
    where line.type <> 'refund_reversal'
  ) line
    on line.payment_id = own.key and line.processor = leg.processor
    and line.direction = leg.direction and line.amount = leg.amount and line.currency = leg.currency
),
paired_leg as materialized (
  -- worked out before its row: by amount and month a leg has thousands
  select leg.*, only_one.row_no
  from (
    select leg_no, row_no, count(*) over (partition by leg_no) as of_leg, count(*) over (partition by row_no) as of_row
    from candidate
  ) only_one
  join leg on leg.business_id = $1::uuid and leg.leg_no = only_one.leg_no
  where only_one.of_leg = 1 and only_one.of_row = 1
),
cancelled_key as materialized (
  select distinct key
  from match_item matched
  join processor_row line on line.business_id = $1::uuid and line.row_no = matched.row_no
  cross join unnest(line.payment_ids || line.reference_ids) as key
  where matched.business_id = $1::uuid and matched.pass = 'cancelled' and $3::boolean
),
contested as materialized (
  -- another row, or leg, that a match may set free
  select paired.leg_no
  from paired_leg paired
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = paired.direction and refund.refund_id = paired.refund_id
  cross join unnest(refund.reference_keys) as own (key)
  join (
    select other.row_no, other.amount, payment_id
    from processor_row other cross join unnest(other.payment_ids) as payment_id
    where other.business_id = $1::uuid and other.type <> 'refund_reversal'
  ) other on other.payment_id = own.key and other.amount = paired.amount and other.row_no <> paired.row_no
  where $3::boolean
  union
  select paired.leg_no
  from paired_leg paired
  join processor_row line on line.business_id = $1::uuid and line.row_no = paired.row_no
  cross join unnest(line.payment_ids) as paid (payment_id)
  join (
    select other.leg_no, other.amount, key
    from ledger_leg other
    join ledger_refund refund
      on refund.business_id = $1::uuid and refund.direction = other.direction and refund.refund_id = other.refund_id
    cross join unnest(refund.reference_keys) as key
    where other.business_id = $1::uuid
  ) other on other.key = paid.payment_id and other.amount = paired.amount and other.leg_no <> paired.leg_no
  where $3::boolean
  union
  -- a cancelled refund that shares a key
  select paired.leg_no
  from paired_leg paired
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = paired.direction and refund.refund_id = paired.refund_id
  cross join unnest(refund.reference_keys) as own (key)
  join cancelled_key on cancelled_key.key = own.key
),
pair as materialized (
  select leg.business_id, leg.leg_no, line.row_no, leg.direction, leg.processor, leg.amount
  from paired_leg leg
  join refund_row line on line.business_id = $1::uuid and line.row_no = leg.row_no
  where leg.amount <> 0 and cardinality(line.payment_ids) <= 2
  and not exists (select from contested where contested.leg_no = leg.leg_no)
  and line.currency = leg.currency and line.amount = leg.amount and (line.on_date = leg.on_date or line.month = leg.month) -- dates first: a month is a text to be made
  and (line.refund_fee_tie = 'per_refund') = (leg.refund_fee_tie = 'per_refund')
  and (line.refund_fee_tie <> 'per_refund' or line.refund_fee = leg.refund_fee)
  and (line.returned_fee_tie = 'per_refund') = (leg.returned_fee_tie = 'per_refund')
  and (line.returned_fee_tie <> 'per_refund' or line.returned_fee = leg.returned_fee)
  and (leg.payment_keys = '{}' or leg.payment_keys && line.payment_ids or leg.payment_keys && line.reference_ids)
  -- the leg names no row, and has no key of the shape of a refund id
  and not exists (select from named_refund other where other.key = leg.identity_keys[1])
  and not exists (select from named_refund other where other.key = leg.identity_keys[2])
  and not exists (select from named_transaction other where other.key = leg.identity_keys[1])
  and not exists (select from named_transaction other where other.key = leg.identity_keys[2])
  and not exists (
    select from refund_id_kind kind
    where kind.business_id = $1::uuid and kind.processor = leg.processor
      and (leg.identity_keys[1] ~ kind.pattern or leg.identity_keys[2] ~ kind.pattern))
  -- no leg that names the row
  and not exists (select from named_refund other where other.key = line.refund_id)
  and not exists (select from shared_refund other where other.refund_id = line.refund_id)
  and not exists (select from named_transaction other where other.key = line.transaction_id)
  -- no reversal that may belong to the row by its payment
  and not exists (
    select from reversed_payment other where other.processor = line.processor and other.payment_id = line.payment_ids[1])
  and not exists (
    select from reversed_payment other where other.processor = line.processor and other.payment_id = line.payment_ids[2])
  and not exists (select from ruled where ruled.item_no = leg.leg_no)
  and not exists (select from ruled where ruled.item_no = line.row_no)
),
closed_leg as (
  delete from open_item open using pair where open.business_id = $1::uuid and open.item_no = pair.leg_no
),
closed_row as (
  delete from open_item open using pair where open.business_id = $1::uuid and open.item_no = pair.row_no
),
stored as (
  insert into match_item (business_id, match_no, pass, leg_no, row_no, leg_amount, balanced)
  select business_id, leg_no, 'payment_reference', leg_no, row_no, amount, true from pair
)
select direction, processor, 'payment_reference' as pass, count(*) as legs, count(*) as rows, sum(amount) as amount, count(*) as count
from pair
group by direction, processor
