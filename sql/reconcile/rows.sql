-- The rows to be matched: of the loose ones those that share a key or an amount with a leg that may be matched or belong
-- to a refund with reversals, and all that are asked for. What shares neither stays unmatched and is not loaded.
-- Grain: one row per row. $1 business, $2 legs that may be matched, $3 loose rows, $4 all rows that may be
-- matched, $5 rows asked for
with loose_leg as materialized (
  select leg.amount, leg.identity_keys || refund.reference_keys as keys
  from (select distinct unnest($2::bigint[]) as leg_no) item
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no
  left join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
),
shared_key as materialized (select distinct unnest(loose_leg.keys) as key from loose_leg),
reversed as materialized (
  -- what reversals may undo: by refund id, else by payment
  select distinct line.processor, coalesce(line.refund_id, payment_id) as key
  from (select distinct unnest($4::bigint[]) as row_no) item
  join processor_row line on line.business_id = $1::uuid and line.row_no = item.row_no
  left join lateral unnest(case when line.refund_id is null then line.payment_ids end) as payment_id on true
  where line.type = 'refund_reversal'
),
paid_out as materialized (
  select setting.processor from processor_setting setting where setting.business_id = $1::uuid and setting.match_payouts
),
item as materialized (
  select listed.row_no, bool_or(listed.is_asked) as is_asked
  from (
    select unnest($3::bigint[]) as row_no, false as is_asked
    union all
    select unnest($5::bigint[]), true
  ) listed
  group by listed.row_no
)
select line.row_no, line.processor, line.account, line.transaction_id, line.type, line.refund_id, line.payment_ids,
  line.reference_ids, line.amount, line.currency, line.on_date, line.payout_id, line.direction, line.reversal_of
from item
join refund_row line on line.business_id = $1::uuid and line.row_no = item.row_no
where item.is_asked
  or line.is_reversal
  or line.amount = 0
  or line.amount in (select loose_leg.amount from loose_leg)
  or line.payout_id is not null and line.processor in (select processor from paid_out)
  or exists (
    select from unnest(line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id || line.payout_id) as own (key)
    where own.key in (select key from shared_key))
  or (line.processor, line.refund_id) in (select processor, key from reversed)
  or exists (select from unnest(line.payment_ids) as own (key) where (line.processor, own.key) in (select processor, key from reversed))
