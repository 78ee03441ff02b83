-- What people ruled about matching and did not take back.
-- Grain: one row per ruling. $1 business
select ruling.kind, ruling.leg_nos, ruling.row_nos
from ruling
where ruling.business_id = $1::uuid and ruling.forgotten_at is null
order by ruling.made_no
