-- The ledger refunds that some findings are about: the refund of a whole-refund finding, and those of the legs;
-- with the sums that must agree, for the sentence that says which do not.
-- Grain: one row per discrepancy and ledger refund.
-- $1 business, $2 discrepancy ids (a batch, some thousands)
-- line_items_off: allocations (counted from 1) whose line items do not sum to them.
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),

about as materialized (
  select found.discrepancy_id, found.direction, found.refund_id
  from params
  join discrepancy as found
    on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
  where found.refund_id is not null
  union
  select found.discrepancy_id, leg.direction, leg.refund_id
  from params
  join discrepancy as found
    on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
  cross join unnest(found.leg_nos) as listed (leg_no)
  join ledger_leg as leg on leg.business_id = params.business_id and leg.leg_no = listed.leg_no
)

select about.discrepancy_id, refund.refund_id, refund.external_id, refund.refunded_amount, refund.status,
       refund.completed_on, refund.payment_keys, refund.payments_sum, refund.allocations_sum,
       cardinality(refund.allocation_amounts) as allocations,
       (
         select coalesce(array_agg(part.number::integer order by part.number), '{}')
         from unnest(refund.allocation_amounts, refund.allocation_line_sums)
              with ordinality as part (amount, lines, number)
         where part.lines is not null and part.lines <> part.amount
       ) as line_items_off,
       changed.as_of as pulled_at, last.as_of as last_pulled_at, removed.as_of as removed_at
from params
cross join about
join ledger_refund as refund
  on refund.business_id = params.business_id and refund.direction = about.direction
     and refund.refund_id = about.refund_id
left join pull as changed on changed.business_id = params.business_id and changed.pull_id = refund.changed_pull_id
left join pull as last on last.business_id = params.business_id and last.pull_id = refund.last_pull_id
left join pull as removed on removed.business_id = params.business_id and removed.pull_id = refund.removed_pull_id
order by about.discrepancy_id, refund.refund_id
