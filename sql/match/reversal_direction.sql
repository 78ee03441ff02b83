-- A reversal's direction is that of its refund, customer where none is known.
-- Grain: one row per reversal of a vendor refund.
with params as not materialized (select $1::uuid as business_id)
update work_reversal reversal set direction = 'vendor'
from params join processor_row line on line.business_id = params.business_id and line.type = 'vendor_refund'
where line.row_no = reversal.belongs_to
