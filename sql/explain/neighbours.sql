-- The legs and rows that may have to do with some others: those that share a key with them, the legs of the same refund, the rest
-- of an ambiguous island and, where asked, those of one amount within a month that amount and date alone could pair.
-- Grain: one row, with the numbers, the nearest in time first. $1 business, $2 legs, $3 rows, $4 whether to ask also for
-- amounts, and for matched items by the references that no index serves, $5 how many of each side at most
with leg_item as materialized (
  select leg.direction, leg.refund_id, leg.amount, leg.on_date, leg.identity_keys || refund.reference_keys as keys
  from leg
  left join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
),
row_item as materialized (
  select line.amount, line.on_date,
    line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id
      || case when setting.match_payouts then line.payout_id end as keys
  from refund_row line
  left join processor_setting setting on setting.business_id = $1::uuid and setting.processor = line.processor
  where line.business_id = $1::uuid and line.row_no = any ($3::bigint[])
),
asked as materialized (
  select array(
      select key from leg_item cross join unnest(leg_item.keys) as key where key <> ''
      union
      select key from row_item cross join unnest(row_item.keys) as key where key <> '') as keys,
    (select min(item.on_date) from (
       select leg_item.on_date from leg_item union all select row_item.on_date from row_item) item) as on_date
),
sum as materialized (
  select item.amount, min(item.on_date) - 31 as first_on, max(item.on_date) + 31 as last_on
  from (select leg_item.amount, leg_item.on_date from leg_item union all select row_item.amount, row_item.on_date from row_item) item
  where $4::boolean and item.amount > 0
  group by item.amount
),
island as materialized (
  select distinct open.island_no from open_item open
  where open.business_id = $1::uuid and open.island_no is not null
    and (open.item_no = any ($2::bigint[]) or open.item_no = any ($3::bigint[]))
),
wanted as (
  select leg.leg_no as item_no from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 0
    and leg.identity_keys[1] = any ((select asked.keys from asked)::text[])
  union
  select leg.leg_no from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 1
    and leg.identity_keys[2] = any ((select asked.keys from asked)::text[])
  union
  select leg.leg_no
  from (
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 0
      and refund.payment_keys[1] = any ((select asked.keys from asked)::text[])
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 1
      and refund.payment_keys[2] = any ((select asked.keys from asked)::text[])
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 2
      and refund.payment_keys && (select asked.keys from asked)::text[]
    union
    select refund.direction, refund.refund_id from ledger_refund refund
    where $4::boolean and refund.business_id = $1::uuid and refund.reference_keys && (select asked.keys from asked)::text[]
    union
    select leg_item.direction, leg_item.refund_id from leg_item
  ) refund
  join ledger_leg leg on leg.business_id = $1::uuid and leg.direction = refund.direction and leg.refund_id = refund.refund_id
  union
  select open.item_no
  from open_item open
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = open.item_no
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  where open.business_id = $1::uuid and open.side = 'leg' and refund.reference_keys && (select asked.keys from asked)::text[]
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and line.refund_id = any ((select asked.keys from asked)::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and line.transaction_id = any ((select asked.keys from asked)::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 0
    and line.payment_ids[1] = any ((select asked.keys from asked)::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 1
    and line.payment_ids[2] = any ((select asked.keys from asked)::text[])
  union
  select line.row_no from processor_row line
  where line.business_id = $1::uuid and cardinality(line.payment_ids) > 2
    and line.payment_ids && (select asked.keys from asked)::text[]
  union
  select line.row_no from processor_row line
  where $4::boolean and line.business_id = $1::uuid and line.reference_ids && (select asked.keys from asked)::text[]
  union
  select open.item_no
  from open_item open
  join processor_row line on line.business_id = $1::uuid and line.row_no = open.item_no
  where open.business_id = $1::uuid and open.side = 'row' and line.reference_ids && (select asked.keys from asked)::text[]
  union
  select line.row_no
  from processor_setting setting
  join processor_row line
    on line.business_id = $1::uuid and line.processor = setting.processor
    and line.payout_id = any ((select asked.keys from asked)::text[])
  where $4::boolean and setting.business_id = $1::uuid and setting.match_payouts
  union
  select open.item_no from island join open_item open on open.business_id = $1::uuid and open.island_no = island.island_no
  union
  select leg.leg_no
  from sum join ledger_leg leg
    on leg.business_id = $1::uuid and leg.amount = sum.amount and leg.completed_on between sum.first_on and sum.last_on
  where not exists (
    select from match_item matched
    where matched.business_id = $1::uuid and matched.leg_no = leg.leg_no and matched.pass <> 'amount_and_date')
  union
  select line.row_no
  from sum join processor_row line
    on line.business_id = $1::uuid and line.amount = sum.amount and line.occurred_on between sum.first_on and sum.last_on
  where not exists (
    select from match_item matched
    where matched.business_id = $1::uuid and matched.row_no = line.row_no and matched.pass <> 'amount_and_date')
)
select
  array(
    select leg.leg_no
    from wanted join leg on leg.business_id = $1::uuid and leg.leg_no = wanted.item_no and not leg.is_outside
    cross join asked
    order by abs(leg.on_date - asked.on_date), leg.leg_no
    limit $5::bigint) as leg_nos,
  array(
    select line.row_no
    from wanted join refund_row line on line.business_id = $1::uuid and line.row_no = wanted.item_no
    cross join asked
    order by abs(line.on_date - asked.on_date), line.row_no
    limit $5::bigint) as row_nos
