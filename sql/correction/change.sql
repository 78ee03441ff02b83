-- Changes a correction that still has the status it was read with, and says so in an event.
-- Grain: one row per correction.
with params as not materialized (
  select $1::uuid as business_id, $2::text as correction_id, $3::text as from_status, $4::text as status,
         $5::text as discrepancy_id, $6::json as target, $7::text as target_source, $8::bigint as expected_amount,
         $9::text as request_path, $10::text as request_body, $11::text as request_sha256, $12::text as layer_refund_id,
         $13::text as outcome, $14::text as proposed_by, $15::text as approved_by, $16::text as actor,
         $17::timestamptz as happened_at, $18::text as note
),
changed as (
  update correction made
  set status = params.status, discrepancy_id = params.discrepancy_id, target = params.target,
    target_source = params.target_source, expected_amount = params.expected_amount, request_path = params.request_path,
    request_body = params.request_body, request_sha256 = params.request_sha256,
    layer_refund_id = params.layer_refund_id, outcome = params.outcome, proposed_by = params.proposed_by,
    approved_by = params.approved_by
  from params
  where made.business_id = params.business_id and made.correction_id = params.correction_id
    and made.status = params.from_status
  returning made.correction_id
)
insert into correction_event (business_id, correction_id, happened_at, actor, from_status, to_status, request_sha256, note)
select params.business_id, changed.correction_id, params.happened_at, params.actor, params.from_status, params.status,
  params.request_sha256, params.note
from params cross join changed
