-- The corrections of a business with the row that they are for and the state of its discrepancy.
-- Grain: one row per correction, in order of the row's date and transaction_id.
-- $1 business
with params as not materialized (select $1::uuid as business_id)

select made.correction_id, made.row_no, made.discrepancy_id, made.direction, made.status, made.external_id, made.amount,
  made.refund_fee, made.returned_fee, made.currency, made.processor, made.method, made.completed_at, made.target,
  made.target_source, made.expected_amount, made.request_path, made.request_body, made.request_sha256,
  made.layer_refund_id, made.outcome, made.proposed_by, made.approved_by,
  line.refund_id, line.transaction_id, line.occurred_on, stored.status as discrepancy_status
from params
join correction made on made.business_id = params.business_id
join processor_row line on line.business_id = params.business_id and line.row_no = made.row_no
join discrepancy stored on stored.business_id = params.business_id and stored.discrepancy_id = made.discrepancy_id
order by line.occurred_on, line.transaction_id, made.correction_id
