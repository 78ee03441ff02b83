-- The method by which the refunds of each processor are usually booked.
-- Grain: one row per direction and processor that has a leg with such a method.
-- $1 business
select leg.direction, leg.processor, mode() within group (order by leg.method) as method
from leg
where leg.business_id = $1::uuid and not leg.is_outside and leg.method in ('CREDIT_CARD', 'ACH', 'OTHER')
group by leg.direction, leg.processor
