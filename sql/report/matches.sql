-- How much each pass matched, over all of history: a match may lie in two months.
-- Grain: one row per direction, processor of the rows, and pass.
-- $1 business
with params as (select $1::uuid as business_id)

select total.business_id, total.direction, total.processor, total.pass,
       total.legs, total.rows, total.amount, total.count
from params
join match_total as total using (business_id)
order by total.direction, total.processor,
         array_position(array['manual', 'refund_id', 'payment_reference', 'payment_group', 'payment_reference_only',
                              'amount_and_date', 'cancelled'], total.pass::text),
         total.pass
