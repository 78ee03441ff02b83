-- What people ruled about some legs and rows, as far as it stands.
-- Grain: one row per ruling, in the order in which they were made. $1 business, $2 legs, $3 rows
select ruling.ruling_id, ruling.kind, ruling.leg_nos, ruling.row_nos, ruling.by_name, ruling.at, ruling.note
from ruling
where ruling.business_id = $1::uuid and ruling.forgotten_at is null
  and (ruling.leg_nos && $2::bigint[] or ruling.row_nos && $3::bigint[])
order by ruling.made_no
