-- The legs and rows that may have to do with some others: those that share a key with them, the legs of the same refund, the rest
-- of an ambiguous island and, where asked, those of one amount within a month that amount and date alone could pair. Rows of
-- cancelled matches are among these: cancelled comes after all other passes.
-- Grain: one row, with the numbers, the nearest in time first. $1 business, $2 legs, $3 rows, $4 their keys, $5 the refunds of the
-- legs, $6 their amounts, $7 the first and $8 the last of their dates, $9 whether to ask also for amounts, and for matched
-- items by the references that no index serves, $10 how many of each side at most
with island as materialized (
  select distinct open.island_no from open_item open
  where open.business_id = $1::uuid and open.island_no is not null
    and (open.item_no = any ($2::bigint[]) or open.item_no = any ($3::bigint[]))
),
wanted as (
  select leg.leg_no as item_no from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 0
    and leg.identity_keys[1] = any ($4::text[])
  union
  select leg.leg_no from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 1
    and leg.identity_keys[2] = any ($4::text[])
  union
  select leg.leg_no
  from (
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 0
      and refund.payment_keys[1] = any ($4::text[])
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 1
      and refund.payment_keys[2] = any ($4::text[])
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 2
      and refund.payment_keys && $4::text[]
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where $9::boolean and refund.business_id = $1::uuid and refund.reference_keys && $4::text[]
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and refund.direction in ('customer', 'vendor') and refund.refund_id = any ($5::text[])
  ) refund
  join ledger_leg leg on leg.business_id = $1::uuid and leg.direction = refund.direction and leg.refund_id = refund.refund_id
  union
  select open.item_no
  from open_item open
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = open.item_no
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  where open.business_id = $1::uuid and open.side = 'leg' and refund.reference_keys && $4::text[]
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and line.refund_id = any ($4::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and line.transaction_id = any ($4::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 0
    and line.payment_ids[1] = any ($4::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 1
    and line.payment_ids[2] = any ($4::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 2
    and line.payment_ids && $4::text[]
  union
  select line.row_no from processor_row line
  where $9::boolean and line.business_id = $1::uuid and line.reference_ids && $4::text[]
  union
  select open.item_no
  from open_item open
  join processor_row line on line.business_id = $1::uuid and line.row_no = open.item_no
  where open.business_id = $1::uuid and open.side = 'row' and line.reference_ids && $4::text[]
  union
  select line.row_no
  from processor_setting setting
  join processor_row line
    on line.business_id = $1::uuid and line.processor = setting.processor
    and line.payout_id = any ($4::text[])
  where setting.business_id = $1::uuid and setting.match_payouts
  union
  select open.item_no from island join open_item open on open.business_id = $1::uuid and open.island_no = island.island_no
  union
  select leg.leg_no from ledger_leg leg
  where $9::boolean and leg.business_id = $1::uuid and leg.amount = any ($6::bigint[])
    and leg.completed_on between $7::date - 31 and $8::date + 31 and not exists (
    select from match_item matched
    where matched.business_id = $1::uuid and matched.leg_no = leg.leg_no and matched.pass <> 'amount_and_date')
  union
  select line.row_no from processor_row line
  where $9::boolean and line.business_id = $1::uuid and line.amount = any ($6::bigint[])
    and line.occurred_on between $7::date - 31 and $8::date + 31 and not exists (
    select from match_item matched
    where matched.business_id = $1::uuid and matched.row_no = line.row_no
      and matched.pass not in ('amount_and_date', 'cancelled'))
)
select
  array(
    select leg.leg_no
    from wanted join leg on leg.business_id = $1::uuid and leg.leg_no = wanted.item_no and not leg.is_outside
    order by abs(leg.on_date - $7::date), leg.leg_no
    limit $10::bigint) as leg_nos,
  array(
    select line.row_no
    from wanted join refund_row line on line.business_id = $1::uuid and line.row_no = wanted.item_no
    order by abs(line.on_date - $7::date), line.row_no
    limit $10::bigint) as row_nos
