-- The rows to be matched: those that are loose and share a key or an amount with a loose leg, or belong to a refund with
-- reversals, and all rows of the matches that were reached. What shares neither stays unmatched and is not loaded.
-- Grain: one row per row. $1 business, $2 legs and $3 rows of reached matches
with params as not materialized (select $1::uuid as business_id, $2::bigint[] as leg_nos, $3::bigint[] as row_nos),
loose as materialized (
  select item.item_no, item.side, bool_or(item.is_new) as is_new, bool_or(item.is_touched) as is_touched
  from params join loose_item item on item.business_id = params.business_id
  group by item.item_no, item.side
),
loose_leg as materialized (
  select leg.amount, leg.identity_keys || refund.reference_keys as keys
  from params
  cross join lateral (
    select loose.item_no from loose where loose.side = 'leg'
    union
    select unnest(params.leg_nos)
  ) item
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
  left join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
),
shared_key as materialized (select distinct unnest(keys) as key from loose_leg),
reversed as materialized (
  -- what reversals may undo: by refund id, else by payment
  select distinct line.processor, coalesce(line.refund_id, payment_id) as key
  from params
  cross join lateral (
    select loose.item_no from loose where loose.side = 'row'
    union
    select unnest(params.row_nos)
  ) item
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
  left join lateral unnest(case when line.refund_id is null then line.payment_ids end) as payment_id on true
  where line.type = 'refund_reversal'
)
select line.row_no, line.processor, line.account, line.transaction_id, line.type, line.refund_id, line.payment_ids,
  line.reference_ids, line.amount, line.currency, line.on_date, line.payout_id, line.direction, line.reversal_of,
  open.state, open.island_no, coalesce(loose.is_new, false) as is_new, coalesce(loose.is_touched, false) as is_touched
from params
cross join lateral (
  select loose.item_no from loose where loose.side = 'row'
  union
  select unnest(params.row_nos)
) item
left join loose on loose.item_no = item.item_no
join refund_row line on line.business_id = params.business_id and line.row_no = item.item_no
left join open_item open on open.business_id = params.business_id and open.item_no = item.item_no
where loose.item_no is null
  or item.item_no = any (params.row_nos)
  or (
    not exists (select from match_item paired where paired.business_id = params.business_id and paired.row_no = item.item_no)
    and (
      loose.is_touched
      or line.type = 'refund_reversal'
      or line.amount = 0
      or open.state <> 'unmatched'
      or line.payout_id is not null and exists (
        select from processor_setting setting
        where setting.business_id = params.business_id and setting.processor = line.processor and setting.match_payouts)
      or line.amount in (select amount from loose_leg)
      or exists (
        select from unnest(line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id || line.payout_id) as own (key)
        where own.key in (select key from shared_key))
      or (line.processor, line.refund_id) in (select processor, key from reversed)
      or exists (select from unnest(line.payment_ids) as own (key) where (line.processor, own.key) in (select processor, key from reversed))
    ))
