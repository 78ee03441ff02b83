-- The legs and rows of the open findings that may be the same money as those of another one, and by how much matched ones
-- differ (spec section 5, Hints).
-- Grain: one row per finding and item; a refund that is gone from the ledger by its former payments; of AMOUNT_MISMATCH one per
-- finding, with ledger less processor as its amount. Of very many keys the first: they tell nothing apart.
-- None where there are more findings than items are asked for.
-- $1 business, $2 codes, $3 how many items at most
with params as not materialized (select $1::uuid as business_id, $2::text[] as codes, $3::bigint as most),

found as materialized (
  select finding.*
  from params
  join discrepancy finding on finding.business_id = $1::uuid and finding.code = any (params.codes)
  where finding.status in ('open', 'acknowledged')
    and not exists (
      select from discrepancy other
      where other.business_id = $1::uuid and other.code = any ($2::text[]) and other.status in ('open', 'acknowledged')
      offset $3::bigint)
),

kind as materialized (
  select kind.processor, kind.pattern from payment_id_kind kind where kind.business_id = $1::uuid
),

item as (
  select found.discrepancy_id, found.code, 'leg' as side, leg.leg_id as id, leg.refund_id, leg.identity_keys,
         refund.payment_keys[1:10] as payment_keys, refund.reference_keys[1:20] as reference_keys, leg.processor, '' as account, leg.direction, leg.currency, leg.amount,
         leg.on_date, null as payout_id
  from found
  cross join unnest(found.leg_nos) as listed (leg_no)
  cross join lateral (select * from leg where leg.business_id = $1::uuid and leg.leg_no = listed.leg_no limit 1) leg
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  where found.code <> 'AMOUNT_MISMATCH'
  union all
  select found.discrepancy_id, found.code, 'leg', leg.leg_id, leg.refund_id, leg.identity_keys, refund.payment_keys[1:10],
         refund.reference_keys[1:20], coalesce(leg.processor_named, 'UNASSIGNED'), '', leg.direction, found.currency, leg.amount,
         leg.completed_on, null
  from (select * from found where found.refund_id is not null) found
  join ledger_leg leg on leg.business_id = $1::uuid and leg.direction = found.direction and leg.refund_id = found.refund_id
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  union all
  select found.discrepancy_id, found.code, 'row', line.transaction_id, line.refund_id,
         array_remove(array[line.refund_id, line.transaction_id], null), line.payment_ids[1:10], line.reference_ids[1:20],
         line.processor, line.account, line.direction, line.currency, line.amount, line.occurred_on, line.payout_id
  from found
  cross join unnest(found.row_nos) as listed (row_no)
  join processor_row line on line.business_id = $1::uuid and line.row_no = listed.row_no
  where line.type in ('refund', 'vendor_refund', 'refund_reversal') and found.code <> 'AMOUNT_MISMATCH'
  union all
  select found.discrepancy_id, found.code, 'difference', leg.leg_id, leg.refund_id, '{}', '{}', '{}', found.processor, '',
         found.direction, found.currency, effect.amount::bigint, found.dated_on, null
  from (select * from found where found.code = 'AMOUNT_MISMATCH') found
  cross join lateral (
    select sum(effect.amount) as amount from discrepancy_effect effect
    where effect.business_id = $1::uuid and effect.discrepancy_id = found.discrepancy_id
  ) effect
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = found.leg_nos[1]
  where effect.amount <> 0
)

select item.*,
       array(
         select kind.pattern from kind
         where kind.processor = item.processor
           and exists (select from unnest(item.payment_keys) as own (key) where own.key ~ kind.pattern)
       ) as payment_kinds
from item
limit (select params.most from params)
