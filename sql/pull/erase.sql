-- Notes that a person was erased, or asked to be once more.
-- Grain: one row, written.
-- $1 business, $2 what stands for the person, $3 when
with params as (select $1::uuid as business_id, $2::text as person_sha256, $3::timestamptz as erased_at)

insert into erasure (business_id, person_sha256, erased_at)
select params.business_id, params.person_sha256, params.erased_at
from params
on conflict (business_id, person_sha256) do nothing
