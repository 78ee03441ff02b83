-- Stores a new correction with its first event.
-- Grain: one row per correction.
with params as (
  select $1::uuid as business_id, $2::text as correction_id, $3::bigint as row_no, $4::text as discrepancy_id,
         $5::text as direction, $6::text as status, $7::text as external_id, $8::bigint as amount,
         $9::bigint as refund_fee, $10::bigint as returned_fee, $11::text as currency, $12::text as processor,
         $13::text as method, $14::timestamptz as completed_at, $15::json as target, $16::text as target_source,
         $17::bigint as expected_amount, $18::text as outcome, $19::text as actor, $20::timestamptz as happened_at
),
stored as (
  insert into correction (business_id, correction_id, row_no, discrepancy_id, direction, status, external_id, amount,
    refund_fee, returned_fee, currency, processor, method, completed_at, target, target_source, expected_amount, outcome,
    proposed_by)
  select business_id, correction_id, row_no, discrepancy_id, direction, status, external_id, amount,
    refund_fee, returned_fee, currency, processor, method, completed_at, target, target_source, expected_amount, outcome,
    actor
  from params
  returning correction_id
)
insert into correction_event (business_id, correction_id, happened_at, actor, to_status, note)
select params.business_id, stored.correction_id, params.happened_at, params.actor, params.status, params.outcome
from params cross join stored
