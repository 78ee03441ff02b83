-- LEDGER_REFUND_REMOVED: a refund seen before is gone from a complete pull.
-- Grain: one finding per refund.
with params as (select $1::uuid as business_id)
insert into finding (code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee)
select 'LEDGER_REFUND_REMOVED', refund.direction, refund.refund_id, '{}', '{}', false, false, false
from params join ledger_refund refund on refund.business_id = params.business_id
where refund.removed_pull_id is not null
order by refund.direction, refund.refund_id
