-- By what to look for the neighbours of some legs and rows: all their keys, and their amounts and dates.
-- Grain: one row. $1 business, $2 legs, $3 rows
with leg_item as materialized (
  select leg.direction, leg.refund_id, leg.amount, leg.on_date, leg.identity_keys || refund.reference_keys as keys
  from leg
  left join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
),
row_item as materialized (
  select line.amount, line.on_date,
    line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id
      || case when setting.match_payouts then line.payout_id end as keys
  from refund_row line
  left join processor_setting setting on setting.business_id = $1::uuid and setting.processor = line.processor
  where line.business_id = $1::uuid and line.row_no = any ($3::bigint[])
),
item as materialized (
  select leg_item.amount, leg_item.on_date from leg_item union all select row_item.amount, row_item.on_date from row_item
)
select
  array(
    select key from leg_item cross join unnest(leg_item.keys) as key where key <> ''
    union
    select key from row_item cross join unnest(row_item.keys) as key where key <> '') as keys,
  array(select distinct leg_item.refund_id from leg_item) as refund_ids,
  array(select distinct item.amount from item where item.amount > 0) as amounts,
  (select min(item.on_date) from item) as first_on, (select max(item.on_date) from item) as last_on
