-- What an id may mean: a leg by payments[].id, by its refund's id or by an external id; a row by its transaction_id or refund_id;
-- a finding by its id or the beginning of it. REFUND/LEG, PROCESSOR/ID and PROCESSOR/ACCOUNT/ID name one of several.
-- Grain: one row per leg, row or finding, with the least rank: 1 its own id, 2 an id that others may have too, 3 a beginning.
-- $1 business, $2 the id as given, $3 the id as ids are held; beside each other: $4 what stands before and $5 what stands after each slash
-- in it; $6 how many of each kind at most
with cut as materialized (
  select * from unnest($4::text[], $5::text[]) as cut (head, tail)
),
found as (
  select 'leg' as kind, leg.leg_no as item_no, null::text as discrepancy_id, 1 as rank
  from ledger_leg leg where leg.business_id = $1::uuid and leg.leg_id = $2::text
  union all
  select 'leg', leg.leg_no, null, 1
  from cut join ledger_leg leg
    on leg.business_id = $1::uuid and leg.direction in ('customer', 'vendor') and leg.refund_id = cut.head and leg.leg_id = cut.tail
  union all
  select 'leg', leg.leg_no, null, 2
  from ledger_leg leg where leg.business_id = $1::uuid and leg.direction in ('customer', 'vendor') and leg.refund_id = $2::text
  union all
  select 'leg', leg.leg_no, null, 2
  from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 0 and leg.identity_keys[1] = $3::text
  union all
  select 'leg', leg.leg_no, null, 2
  from ledger_leg leg
  where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 1 and leg.identity_keys[2] = $3::text
  union all
  select 'leg', leg.leg_no, null, 2
  from ledger_refund refund
  join ledger_leg leg on leg.business_id = $1::uuid and leg.direction = refund.direction and leg.refund_id = refund.refund_id
  where refund.business_id = $1::uuid and refund.external_id = $2::text
  union all
  select 'row', line.row_no, null, 1
  from processor_row line where line.business_id = $1::uuid and line.transaction_id = $3::text
  union all
  select 'row', line.row_no, null, 1
  from cut join processor_row line on line.business_id = $1::uuid and line.transaction_id = cut.tail
  where upper(cut.head) in (line.processor, line.processor || '/' || upper(line.account))
  union all
  select 'row', line.row_no, null, 2
  from processor_row line where line.business_id = $1::uuid and line.refund_id = $3::text
  union all
  select 'row', line.row_no, null, 2
  from cut join processor_row line on line.business_id = $1::uuid and line.refund_id = cut.tail
  where upper(cut.head) in (line.processor, line.processor || '/' || upper(line.account))
  union all
  select 'finding', null, found.discrepancy_id, case when found.discrepancy_id = $2::text then 1 else 3 end
  from discrepancy found where found.business_id = $1::uuid and starts_with(found.discrepancy_id, $2::text)
),
numbered as (
  select found.kind, found.item_no, found.discrepancy_id, min(found.rank) as rank,
    row_number() over (partition by found.kind order by min(found.rank), found.item_no, found.discrepancy_id collate "C") as place
  from found
  group by found.kind, found.item_no, found.discrepancy_id
)
select kind, item_no, discrepancy_id, rank from numbered where place <= $6::bigint order by rank, kind, place
