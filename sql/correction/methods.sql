-- The method by which the refunds of each processor are usually booked.
-- Grain: one row per direction and processor that has a leg with such a method.
-- $1 business
select leg.direction, coalesce(named.processor, leg.processor_named) as processor,
  mode() within group (order by leg.method) as method
from ledger_leg leg
left join processor_alias named on named.business_id = $1::uuid and named.alias = leg.processor_named
where leg.business_id = $1::uuid and leg.active and leg.processor_named is not null
  and leg.method in ('CREDIT_CARD', 'ACH', 'OTHER')
group by 1, 2
