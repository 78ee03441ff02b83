-- The rows to be matched: of the loose ones those that share a key or an amount with a leg that may be matched or belong
-- to a refund with reversals, and all that are asked for. What shares neither stays unmatched and is not loaded.
-- Each is looked up by its number on its own: a join would have to be planned for numbers that no statistics know.
-- Grain: one row per row. $1 business, $2 legs that may be matched, $3 loose rows, $4 all rows that may be
-- matched, $5 rows asked for
with leg_item as materialized (
  select leg.amount, leg.identity_keys || refund.reference_keys as keys
  from (select distinct unnest($2::bigint[]) as leg_no) item
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no
  left join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
),
reversed as materialized (
  -- what reversals may undo: by refund id, else by payment
  select distinct line.processor, coalesce(line.refund_id, payment_id) as key
  from (select distinct unnest($4::bigint[]) as row_no) item
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
  left join lateral unnest(case when line.refund_id is null then line.payment_ids end) as payment_id on true
  where line.type = 'refund_reversal'
),
loose as materialized (
  select line.row_no, line.processor, line.type, line.amount, line.refund_id, line.transaction_id, line.payment_ids,
    line.reference_ids, line.payout_id
  from (select distinct unnest($3::bigint[]) as row_no) item
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
),
-- materialized: a nested loop would work them out once for each loose row
shared_amount as materialized (select distinct leg_item.amount from leg_item),
shared_key as materialized (select distinct unnest(leg_item.keys) as key from leg_item),
wanted as (
  select unnest($5::bigint[]) as row_no
  union
  select loose.row_no from loose where loose.type = 'refund_reversal' or loose.amount = 0
  union
  select loose.row_no from loose join shared_amount shared on shared.amount = loose.amount
  union
  select loose.row_no
  from loose
  join processor_setting setting
    on setting.business_id = $1::uuid and setting.processor = loose.processor and setting.match_payouts
  where loose.payout_id is not null
  union
  select own.row_no
  from (
    select loose.row_no, unnest(loose.payment_ids || loose.reference_ids || loose.refund_id || loose.transaction_id) as key from loose
  ) own
  join shared_key shared on shared.key = own.key
  union
  select own.row_no
  from (select loose.row_no, loose.processor, unnest(loose.payment_ids || loose.refund_id) as key from loose) own
  join reversed on reversed.processor = own.processor and reversed.key = own.key
),
wanted_refund as materialized (
  select distinct line.processor, line.refund_id
  from wanted
  cross join lateral (
    select line.processor, line.refund_id from processor_row line
    where line.business_id = $1::uuid and line.row_no = wanted.row_no limit 1
  ) line
  where line.refund_id is not null
),
whole as (
  -- a refund is judged whole
  select wanted.row_no from wanted
  union
  select loose.row_no
  from wanted_refund refund
  join loose on loose.processor = refund.processor and loose.refund_id = refund.refund_id
)
select line.row_no, line.processor, line.account, line.transaction_id, line.type, line.refund_id, line.payment_ids,
  line.reference_ids, line.amount, line.currency, line.on_date, line.payout_id, line.direction, line.reversal_of
from whole
cross join lateral (
  select line.* from refund_row line where line.business_id = $1::uuid and line.row_no = whole.row_no limit 1
) line
