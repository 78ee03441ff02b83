-- The legs to be matched: of the loose ones those that share a key or an amount with a row that may be matched or name
-- a stored one, and all that are asked for. What shares neither stays unmatched and is not loaded.
-- Grain: one row per leg. $1 business, $2 loose legs, $3 rows that may be matched, $4 legs asked for
with loose_row as materialized (
  select line.amount, line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id || line.payout_id as keys
  from (select distinct unnest($3::bigint[]) as row_no) item
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
),
shared_key as materialized (select distinct unnest(loose_row.keys) as key from loose_row),
item as materialized (
  select listed.leg_no, bool_or(listed.is_asked) as is_asked
  from (
    select unnest($2::bigint[]) as leg_no, false as is_asked
    union all
    select unnest($4::bigint[]), true
  ) listed
  group by listed.leg_no
)
select leg.leg_no, leg.direction, leg.refund_id, leg.leg_id, leg.processor, leg.on_date, leg.amount, leg.identity_keys,
  coalesce(refund.reference_keys, '{}') as reference_keys, leg.payment_keys
from item
join leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no and not leg.is_outside
left join ledger_refund refund
  on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
where item.is_asked
  or leg.amount in (select loose_row.amount from loose_row)
  or exists (select from unnest(leg.identity_keys || refund.reference_keys) as own (key) where own.key in (select key from shared_key))
  or exists (
    select from unnest(leg.identity_keys) as own (key)
    join processor_row line on line.business_id = $1::uuid and line.refund_id = own.key)
  or exists (
    select from unnest(leg.identity_keys) as own (key)
    join processor_row line on line.business_id = $1::uuid and line.transaction_id = own.key)
