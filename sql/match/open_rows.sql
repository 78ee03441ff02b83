-- What pass 1 left of the rows in the business's currency, with their reference keys.
-- Grain: one row per open row.
with params as not materialized (select $1::uuid as business_id)
insert into open_row
select
  line.row_no, line.direction, line.processor, line.on_date, line.transaction_id, line.account, line.amount,
  line.payment_ids, line.payment_ids || line.reference_ids, line.refund_id is not null, line.undone
from params
join business on business.business_id = params.business_id
join work_row line on line.currency = business.currency
where not exists (select from taken_row taken where taken.row_no = line.row_no)
