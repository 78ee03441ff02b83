-- What persons ruled about matching and did not take back.
-- Grain: one row per ruling, in the order in which they were made. $1 business
select ruling.ruling_id as id, ruling.kind, ruling.leg_nos, ruling.row_nos,
  array(
    select leg.leg_id from unnest(ruling.leg_nos) with ordinality as listed (leg_no, place)
    join ledger_leg leg on leg.business_id = ruling.business_id and leg.leg_no = listed.leg_no order by listed.place
  ) as legs,
  array(
    select line.transaction_id from unnest(ruling.row_nos) with ordinality as listed (row_no, place)
    join processor_row line on line.business_id = ruling.business_id and line.row_no = listed.row_no order by listed.place
  ) as rows,
  ruling.by_name as by, ruling.at, ruling.note
from ruling
where ruling.business_id = $1::uuid and ruling.forgotten_at is null
order by ruling.made_no
