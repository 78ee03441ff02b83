-- Where every leg and row of this run goes first: a leg meets the rows of its own processor that bear its first identity
-- key as their refund_id, which is what pass 1 asks first; another key is only for where there are none.
-- agrees: the two agree in everything that a check compares, which are amount, fees, month and currency. elsewhere: the
-- payments that the leg is booked against, where the row names none of them, else null.
-- Grain: one row per leg and row that meet, and one per leg or row that meets nobody. Volume: about one per leg.
-- Every row that a leg of the run could meet is one of the run as well: wake.sql sees to that.
-- Made by its own statement, and from stored tables alone, since only so do all cores join: 1.9 s for a million legs and
-- rows, 2.7 s on one. direction, processor and amount are those of the row, and key is, where they meet, its refund_id.
create temporary table meeting on commit drop as
with params as not materialized (select $1::uuid as business_id, $2::bigint as item_mark),
leg as (
  -- what is new, and what is looked at again
  select leg.* from params join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no > params.item_mark
  union all
  select leg.* from params join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
),
line as (
  select line.* from params join processor_row line on line.business_id = params.business_id and line.row_no > params.item_mark
  union all
  select line.* from params join open_item item on item.business_id = params.business_id and item.item_no <= params.item_mark
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
),
keyed_leg as (
  select leg.*, coalesce(alias.processor, leg.processor_named) as processor, leg.identity_keys[1] as key
  from params
  cross join leg
  left join processor_alias alias on alias.business_id = params.business_id and alias.alias = leg.processor_named
  where leg.active and (leg.processor_named is not null or coalesce(leg.method, '') not in ('CASH', 'CHECK', 'CREDIT_BALANCE'))
),
booked as (
  -- without a key it meets nobody: a side of its own, and its number, that not all of them share one place of the join
  select leg_no, processor, case when key is null then 'leg' else direction end as side, coalesce(key, leg_no::text) as key,
    amount, refund_fee, returned_fee, completed_on, payment_keys
  from keyed_leg
),
paid as (
  select row_no, processor,
    case when refund_id is null then 'row' when type = 'vendor_refund' then 'vendor' else 'customer' end as side,
    coalesce(refund_id, row_no::text) as key,
    amount, refund_fee, returned_fee, currency, occurred_on, payment_ids, reference_ids
  from line
  where type in ('refund', 'vendor_refund')
),
own as (select business.currency from params join business on business.business_id = params.business_id)
select booked.leg_no, paid.row_no, paid.key, paid.side as direction, paid.processor, paid.amount,
  -- where one of them meets nobody there is nothing to agree with
  coalesce(
    booked.amount = paid.amount and booked.refund_fee = paid.refund_fee and booked.returned_fee = paid.returned_fee
      and paid.currency = (select currency from own)
      and (booked.completed_on = paid.occurred_on
        or date_trunc('month', booked.completed_on) = date_trunc('month', paid.occurred_on)),
    false) as agrees,
  case when not (booked.payment_keys = '{}' or booked.payment_keys && paid.payment_ids or booked.payment_keys && paid.reference_ids)
    then booked.payment_keys end as elsewhere
from booked full join paid on paid.key = booked.key and paid.side = booked.side and paid.processor = booked.processor
