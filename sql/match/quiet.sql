-- The matches that the passes made, of one leg and one row, of which nothing is to be said: they agree in everything, no
-- finding names them, nobody reversed the row, and the row names a payment that the leg is booked against, if it is against
-- any. As long as nobody comes who has to do with them they stay as they are (wake_settled.sql). What is found of a refund
-- or a payment as a whole does not count: it is found of settled ones as well.
-- From working tables alone.
-- Grain: one row per match.
create temporary table quiet_match on commit drop as
with params as not materialized (select $1::uuid as business_id),
alone as (
  select match_no from taken_leg group by match_no having count(*) = 1
  intersect
  select match_no from taken_row group by match_no having count(*) = 1
),
named as (
  select listed.item_no
  from finding join finding_item listed on listed.finding_no = finding.finding_no
  where finding.code not in ('OVER_REFUND', 'ALLOCATION_IMBALANCE', 'PAYMENT_IMBALANCE', 'LINE_ITEM_IMBALANCE')
)
select leg.leg_no, line.row_no, line.direction, line.processor, taken_leg.pass, line.amount,
  leg.on_date as leg_on, line.on_date as row_on
from params
join business on business.business_id = params.business_id
cross join alone
join taken_leg on taken_leg.match_no = alone.match_no
join taken_row on taken_row.match_no = alone.match_no
join work_leg leg on leg.leg_no = taken_leg.leg_no
join work_row line on line.row_no = taken_row.row_no
where leg.direction = line.direction and leg.processor = line.processor and line.currency = business.currency
  and leg.amount = line.amount and leg.refund_fee = line.refund_fee and leg.returned_fee = line.returned_fee
  and date_trunc('month', leg.on_date) = date_trunc('month', line.on_date)
  and not line.undone
  and (leg.payment_keys = '{}' or leg.payment_keys && line.payment_ids or leg.payment_keys && line.reference_ids)
  and leg.leg_no not in (select item_no from named)
  and line.row_no not in (select item_no from named)
  and line.row_no not in (select belongs_to from work_reversal where belongs_to is not null)
