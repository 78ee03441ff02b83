-- How many legs and rows are new or open: with many of them it pays to pair in bulk what needs no thought.
-- Grain: one row. $1 business, $2 the last number that the last run looked at
select
  (select count(*) from ledger_leg leg where leg.business_id = $1::uuid and leg.leg_no > $2::bigint)
    + (select count(*) from open_item open where open.business_id = $1::uuid and open.side = 'leg') as legs,
  (select count(*) from processor_row line where line.business_id = $1::uuid and line.row_no > $2::bigint
     and line.type in ('refund', 'vendor_refund'))
    + (select count(*) from open_item open where open.business_id = $1::uuid and open.side = 'row') as rows
