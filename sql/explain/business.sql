-- A business with what explaining needs of it: its settings, and how far its last run looked.
-- Grain: one row, or none where the business was never stored. $1 business
select business.business_id, business.name, business.currency, business.time_zone, business.starts_on,
  business.materiality_item, business.materiality_month,
  array(
    select setting.processor from processor_setting setting where setting.business_id = business.business_id
    order by setting.processor) as processors, run.as_of as reconciled_as_of, coalesce(run.item_mark, 0) as item_mark
from business
left join reconciliation run on run.business_id = business.business_id
where business.business_id = $1::uuid
