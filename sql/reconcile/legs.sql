-- The legs to be matched: those that are loose and share a key or an amount with a loose row, or name a stored one, and all legs of the
-- matches that were reached. What shares neither stays unmatched and is not loaded.
-- Grain: one row per leg. $1 business, $2 legs and $3 rows of reached matches
with params as not materialized (select $1::uuid as business_id, $2::bigint[] as leg_nos, $3::bigint[] as row_nos),
loose as materialized (
  select item.item_no, item.side, bool_or(item.is_new) as is_new, bool_or(item.is_touched) as is_touched
  from params join loose_item item on item.business_id = params.business_id
  group by item.item_no, item.side
),
loose_row as materialized (
  select line.amount, line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id || line.payout_id as keys
  from params
  cross join lateral (
    select loose.item_no from loose where loose.side = 'row'
    union
    select unnest(params.row_nos)
  ) item
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
),
shared_key as materialized (select distinct unnest(keys) as key from loose_row)
select leg.leg_no, leg.direction, leg.refund_id, leg.leg_id, leg.processor, leg.on_date, leg.amount, leg.identity_keys,
  coalesce(refund.reference_keys, '{}') as reference_keys, leg.payment_keys, open.state, open.island_no,
  coalesce(loose.is_new, false) as is_new, coalesce(loose.is_touched, false) as is_touched
from params
cross join lateral (
  select loose.item_no from loose where loose.side = 'leg'
  union
  select unnest(params.leg_nos)
) item
left join loose on loose.item_no = item.item_no
join leg on leg.business_id = params.business_id and leg.leg_no = item.item_no and not leg.is_outside
left join ledger_refund refund
  on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
left join open_item open on open.business_id = params.business_id and open.item_no = item.item_no
where loose.item_no is null
  or item.item_no = any (params.leg_nos)
  or (
    not exists (select from match_item paired where paired.business_id = params.business_id and paired.leg_no = item.item_no)
    and (
      loose.is_touched
      or open.state <> 'unmatched'
      or leg.amount in (select amount from loose_row)
      or exists (select from unnest(leg.identity_keys || refund.reference_keys) as own (key) where own.key in (select key from shared_key))
      or exists (
        select from unnest(leg.identity_keys) as own (key)
        join processor_row line on line.business_id = params.business_id and line.refund_id = own.key)
      or exists (
        select from unnest(leg.identity_keys) as own (key)
        join processor_row line on line.business_id = params.business_id and line.transaction_id = own.key)))
