-- The ledger side of some findings. A leg's processor is the one it is tied out under: aliases applied,
-- UNASSIGNED where the ledger names none. References are shown as the ledger writes them.
-- Grain: one row per discrepancy and leg, in order.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
-- The items come first, materialized: on tables that were never analyzed the planner would else scan all legs and
-- look each up in the batch (11 s for 2,000 findings of 10,000).
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),

item as materialized (
  select found.discrepancy_id, listed.leg_no, listed.place
  from params
  join discrepancy as found
    on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
  cross join unnest(found.leg_nos) with ordinality as listed (leg_no, place)
)

select item.discrepancy_id, leg.leg_id, leg.refund_id, leg.external_id,
       refund.external_id as refund_external_id,
       coalesce(processor_alias.processor, leg.processor_named, 'UNASSIGNED') as processor,
       leg.amount, leg.refund_fee, leg.returned_fee, leg.completed_at, leg.completed_on,
       case when refund.keys_written is null then refund.reference_keys
         else array(select json_array_elements_text(refund.keys_written)) end as "references",
       refund.payment_keys, leg.method, pull.as_of as pulled_at
from params
cross join item
join ledger_leg as leg on leg.business_id = params.business_id and leg.leg_no = item.leg_no
join ledger_refund as refund
  on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
left join pull on pull.business_id = params.business_id and pull.pull_id = refund.changed_pull_id
left join processor_alias
  on processor_alias.business_id = params.business_id and processor_alias.alias = leg.processor_named
order by item.discrepancy_id, item.place
