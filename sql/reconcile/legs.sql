-- The legs to be matched: of the loose ones those that share a key or an amount with a row that may be matched or name
-- a stored one, and all that are asked for. What shares neither stays unmatched and is not loaded.
-- Each is looked up by its number on its own: a join would have to be planned for numbers that no statistics know.
-- Grain: one row per leg. $1 business, $2 loose legs, $3 rows that may be matched, $4 legs asked for
with row_item as materialized (
  select line.amount, line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id || line.payout_id as keys
  from (select distinct unnest($3::bigint[]) as row_no) item
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
),
loose as materialized (
  select leg.leg_no, leg.amount, leg.identity_keys, refund.reference_keys
  from (select distinct unnest($2::bigint[]) as leg_no) item
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no
  left join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
),
named as materialized (select loose.leg_no, key from loose cross join unnest(loose.identity_keys) as key),
-- materialized: a nested loop would work them out once for each loose leg
shared_amount as materialized (select distinct row_item.amount from row_item),
shared_key as materialized (select distinct unnest(row_item.keys) as key from row_item),
wanted as (
  select unnest($4::bigint[]) as leg_no
  union
  select loose.leg_no from loose join shared_amount shared on shared.amount = loose.amount
  union
  select own.leg_no
  from (select loose.leg_no, unnest(loose.identity_keys || loose.reference_keys) as key from loose) own
  join shared_key shared on shared.key = own.key
  union
  select named.leg_no
  from named
  cross join lateral (
    select from processor_row line where line.business_id = $1::uuid and line.refund_id = named.key limit 1
  ) borne
  union
  select named.leg_no
  from named
  cross join lateral (
    select from processor_row line where line.business_id = $1::uuid and line.transaction_id = named.key limit 1
  ) borne
)
select leg.leg_no, leg.direction, leg.refund_id, leg.leg_id, leg.processor, leg.on_date, leg.amount, leg.identity_keys,
  coalesce(refund.reference_keys, '{}') as reference_keys, leg.payment_keys
from wanted
cross join lateral (
  select leg.* from leg where leg.business_id = $1::uuid and leg.leg_no = wanted.leg_no limit 1
) leg
left join lateral (
  select refund.reference_keys from ledger_refund refund
  where refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id limit 1
) refund on true
where not leg.is_outside
