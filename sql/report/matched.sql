-- The matches, both sides of each; with months given, those that touch them by a leg's or a row's date.
-- A match without legs is a refund that its processor cancelled.
-- Grain: one row per match, oldest first.
-- $1 business, $2 first month or null, $3 last month or null
-- Up to millions: read through a cursor.
with params as not materialized (
  select $1::uuid as business_id, ($2::text || '-01')::date as from_day,
         (($3::text || '-01')::date + interval '1 month')::date as before_day
),

leg_side as (
  select matched.match_no,
         array_agg(leg.leg_id order by leg.completed_on, leg.leg_id, leg.refund_id) as leg_ids,
         array_agg(distinct leg.refund_id) as refund_ids,
         sum(leg.amount) as amount, sum(leg.refund_fee) as refund_fee,
         sum(leg.returned_fee) as returned_fee,
         min(leg.completed_on) as first_on, max(leg.completed_on) as last_on
  from params
  join match_leg as matched on matched.business_id = params.business_id
  join ledger_leg as leg on leg.business_id = params.business_id and leg.leg_no = matched.leg_no
  group by matched.match_no
),

row_side as (
  select matched.match_no, min(matched.pass) as pass, min(line.processor) as processor,
         min(line.direction) as direction,
         array_agg(line.transaction_id order by line.occurred_on, line.transaction_id, line.account) as transaction_ids,
         array_agg(processor_file.name || ':' || line.line
                   order by line.occurred_on, line.transaction_id, line.account) as places,
         array_agg(distinct line.currency) as currencies,
         sum(line.amount) as amount, sum(line.refund_fee) as refund_fee,
         sum(line.returned_fee) as returned_fee,
         min(line.occurred_on) as first_on, max(line.occurred_on) as last_on
  from params
  join match_row as matched on matched.business_id = params.business_id
  join processor_row as line on line.business_id = params.business_id and line.row_no = matched.row_no
  join processor_file on processor_file.business_id = params.business_id and processor_file.file_id = line.file_id
  group by matched.match_no
)

select row_side.direction, row_side.processor, row_side.pass,
       leg_side.first_on as ledger_on, leg_side.refund_ids, leg_side.leg_ids, leg_side.amount as ledger_amount,
       leg_side.refund_fee as ledger_refund_fee, leg_side.returned_fee as ledger_returned_fee,
       row_side.first_on as processor_on, row_side.transaction_ids, row_side.places, row_side.currencies,
       row_side.amount as processor_amount, row_side.refund_fee as processor_refund_fee,
       row_side.returned_fee as processor_returned_fee
from params
cross join row_side
left join leg_side using (match_no)
where (params.from_day is null
       or greatest(leg_side.last_on, row_side.last_on) >= params.from_day)
  and (params.before_day is null
       or least(leg_side.first_on, row_side.first_on) < params.before_day)
order by least(leg_side.first_on, row_side.first_on), row_side.processor, row_side.transaction_ids
