-- What came since the last run: how many legs and rows are new; the months whose totals have to be summed again; and
-- the payment ids of rows of any type that are new or changed, of the refunds of reversals that changed and of the reversals of
-- refunds that did, of very many only some.
-- Grain: one row. $1 business, $2 the last number that the last run looked at, $3 how many payment ids at most; 0 where everything is
-- looked at: then the months are not gathered either
select
  (select count(*) from ledger_leg leg where leg.business_id = $1::uuid and leg.leg_no > $2::bigint) as new_legs,
  (select count(*) from processor_row line
   where line.business_id = $1::uuid and line.row_no > $2::bigint and line.type in ('refund', 'vendor_refund')) as new_rows,
  case when $3::bigint = 0 then '{}' else array(
    select distinct to_char(day.on_date, 'YYYY-MM')
    from (
      select distinct leg.completed_on as on_date from ledger_leg leg where leg.business_id = $1::uuid and leg.leg_no > $2::bigint
      union
      select distinct line.occurred_on from processor_row line where line.business_id = $1::uuid and line.row_no > $2::bigint
      union
      select touched.month_before from touched_item touched where touched.business_id = $1::uuid
      union
      select leg.completed_on
      from touched_item touched join ledger_leg leg on leg.business_id = touched.business_id and leg.leg_no = touched.item_no
      where touched.business_id = $1::uuid
      union
      select line.occurred_on
      from touched_item touched join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
      where touched.business_id = $1::uuid
    ) day
  ) end as months,
  array(
    select payment_id
    from (
      select unnest(line.payment_ids) as payment_id from processor_row line
      where line.business_id = $1::uuid and line.row_no > $2::bigint
      union
      select unnest(line.payment_ids)
      from touched_item touched
      join processor_row line on line.business_id = touched.business_id and line.row_no = touched.item_no
      where touched.business_id = $1::uuid
      union
      select unnest(refund.payment_ids)
      from touched_item touched
      join processor_row reversal on reversal.business_id = touched.business_id and reversal.row_no = touched.item_no
      join processor_row refund on refund.business_id = touched.business_id and refund.row_no = reversal.reversal_of
      where touched.business_id = $1::uuid
      union
      select unnest(reversal.payment_ids)
      from touched_item touched
      join processor_row reversal on reversal.business_id = touched.business_id and reversal.type = 'refund_reversal'
        and reversal.reversal_of = touched.item_no
      where touched.business_id = $1::uuid
    ) fresh
    limit $3::bigint
  ) as payment_ids
