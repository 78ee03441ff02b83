-- The matches that a check must look at: those that leave a difference, hold a reversal, another currency than the
-- business's, or a row of another processor than the leg says; with their totals, legs minus rows.
-- Grain: one row per such match.
with params as not materialized (select $1::uuid as business_id),
foreign_row as (
  select taken.match_no
  from params
  join business on business.business_id = params.business_id
  join work_row line on line.currency <> business.currency
  join taken_row taken on taken.row_no = line.row_no
),
failed as (
  select distinct taken.match_no
  from work_reversal reversal join taken_row taken on taken.row_no = reversal.row_no
),
elsewhere as (
  select distinct taken_leg.match_no
  from taken_leg
  join work_leg leg on leg.leg_no = taken_leg.leg_no
  join taken_row on taken_row.match_no = taken_leg.match_no
  join work_row line on line.row_no = taken_row.row_no
  where taken_leg.pass = 'refund_id' and line.processor <> leg.processor
),
suspect as (
  select match_no from match_delta
  union select match_no from foreign_row
  union select match_no from failed
  union select match_no from elsewhere
),
leg_side as (
  select suspect.match_no, min(leg.direction) as direction, min(taken.pass) as pass,
    array_agg(leg.leg_no order by leg.on_date, leg.leg_id, leg.leg_no) as leg_nos,
    sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee, sum(leg.returned_fee) as returned_fee
  from suspect
  join taken_leg taken on taken.match_no = suspect.match_no
  join work_leg leg on leg.leg_no = taken.leg_no
  group by suspect.match_no
),
item as (
  select row_no, direction, processor, on_date, transaction_id, account, amount, refund_fee, returned_fee, currency from work_row
  union all
  select row_no, direction, processor, on_date, transaction_id, account, amount, refund_fee, returned_fee, currency from work_reversal
),
row_side as (
  select suspect.match_no, min(item.direction) as direction, min(taken.pass) as pass, min(item.processor) as processor,
    array_agg(item.row_no order by item.on_date, item.transaction_id, item.account, item.row_no) as row_nos,
    sum(item.amount) as amount, sum(item.refund_fee) as refund_fee, sum(item.returned_fee) as returned_fee,
    bool_or(item.currency <> business.currency) as foreign_currency
  from params
  join business on business.business_id = params.business_id
  cross join suspect
  join taken_row taken on taken.match_no = suspect.match_no
  join item on item.row_no = taken.row_no
  group by suspect.match_no
),
moved as (
  select match_no, bool_or(amount <> 0) as amount, bool_or(refund_fee <> 0) as refund_fee, bool_or(returned_fee <> 0) as returned_fee
  from match_delta group by match_no
)
insert into suspect_match
select
  row_side.match_no, row_side.pass, row_side.direction, coalesce(leg_side.leg_nos, '{}'), row_side.row_nos,
  -- a cancelled refund has no legs: its ledger side is 0
  coalesce(leg_side.amount, 0) - row_side.amount,
  coalesce(leg_side.refund_fee, 0) - row_side.refund_fee,
  coalesce(leg_side.returned_fee, 0) - row_side.returned_fee,
  coalesce(moved.amount, false), coalesce(moved.refund_fee, false), coalesce(moved.returned_fee, false),
  leg_side.match_no is not null and exists (select from failed where failed.match_no = row_side.match_no),
  leg_side.match_no is not null and row_side.foreign_currency,
  exists (select from elsewhere where elsewhere.match_no = row_side.match_no),
  coalesce(setting.amount_tolerance, 0), coalesce(setting.fee_tolerance, 0)
from params
cross join row_side
left join leg_side on leg_side.match_no = row_side.match_no
left join moved on moved.match_no = row_side.match_no
left join processor_setting setting on setting.business_id = params.business_id and setting.processor = row_side.processor
