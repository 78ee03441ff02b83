-- What a run looks at first: legs and rows that are new and not paired in bulk, changed since the last run, or open. Those
-- that changed and are in no place are there again: of a refund or a file that had left.
-- Grain: one row, with the numbers. $1 business, $2 the last number that the last run looked at
select
  array(
    select leg.leg_no from ledger_leg leg
    where leg.business_id = $1::uuid and leg.leg_no > $2::bigint
      and not exists (select from match_item matched where matched.business_id = $1::uuid and matched.leg_no = leg.leg_no)
  ) as new_legs,
  array(
    select line.row_no from processor_row line
    where line.business_id = $1::uuid and line.row_no > $2::bigint and line.type in ('refund', 'vendor_refund', 'refund_reversal')
      and not exists (select from match_item matched where matched.business_id = $1::uuid and matched.row_no = line.row_no)
  ) as new_rows,
  array(select open.item_no from open_item open where open.business_id = $1::uuid and open.side = 'leg') as open_legs,
  array(select open.item_no from open_item open where open.business_id = $1::uuid and open.side = 'row') as open_rows,
  array(
    select distinct touched.item_no
    from touched_item touched
    join ledger_leg leg on leg.business_id = touched.business_id and leg.leg_no = touched.item_no
    where touched.business_id = $1::uuid) as touched_legs,
  array(
    select distinct touched.item_no
    from touched_item touched
    join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
    where touched.business_id = $1::uuid) as touched_rows,
  array(
    select distinct touched.item_no
    from touched_item touched
    where touched.business_id = $1::uuid
      and not exists (select from open_item open where open.business_id = $1::uuid and open.item_no = touched.item_no)
      and not exists (select from match_item matched where matched.business_id = $1::uuid and matched.leg_no = touched.item_no)
      and not exists (select from match_item matched where matched.business_id = $1::uuid and matched.row_no = touched.item_no)
  ) as returned
