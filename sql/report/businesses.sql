-- The businesses to report, in the order asked for, and when each was last reconciled.
-- Grain: one row per business asked for that has ever run.
-- $1 business ids
with params as (select $1::uuid[] as business_ids),

asked as (
  select asked.business_id, asked.position
  from params, unnest(params.business_ids) with ordinality as asked (business_id, position)
)

select business.business_id, business.name, business.currency, business.time_zone,
       business.materiality_item, business.materiality_month,
       array(
         select setting.processor from processor_setting setting where setting.business_id = business.business_id
         order by setting.processor) as processors,
       reconciliation.as_of as reconciled_as_of,
       exists (select from quarantine where quarantine.business_id = business.business_id) as has_quarantine
from asked
join business using (business_id)
left join reconciliation using (business_id)
order by asked.position
