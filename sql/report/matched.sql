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
  select match_leg.match_no, min(match_leg.pass) as pass, min(leg.direction) as direction,
         array_agg(leg.leg_id order by leg.completed_on, leg.leg_id) as leg_ids,
         array_agg(distinct leg.refund_id) as refund_ids,
         sum(leg.amount)::bigint as amount, sum(leg.refund_fee)::bigint as refund_fee,
         sum(leg.returned_fee)::bigint as returned_fee,
         min(leg.completed_on) as first_on, max(leg.completed_on) as last_on
  from params
  join match_leg using (business_id)
  join ledger_leg as leg using (business_id, leg_no)
  group by match_leg.match_no
),

row_side as (
  select match_row.match_no, min(match_row.pass) as pass, min(line.processor) as processor,
         case when bool_or(line.type = 'vendor_refund') then 'vendor' else 'customer' end as direction,
         array_agg(line.transaction_id order by line.occurred_on, line.transaction_id) as transaction_ids,
         array_agg(processor_file.name || ':' || line.line order by line.occurred_on, line.transaction_id) as places,
         array_agg(distinct line.currency) as currencies,
         sum(line.amount)::bigint as amount, sum(line.refund_fee)::bigint as refund_fee,
         sum(line.returned_fee)::bigint as returned_fee,
         min(line.occurred_on) as first_on, max(line.occurred_on) as last_on
  from params
  join match_row using (business_id)
  join processor_row as line using (business_id, row_no)
  join processor_file using (business_id, file_id)
  group by match_row.match_no
)

select coalesce(leg_side.direction, row_side.direction) as direction, row_side.processor,
       coalesce(leg_side.pass, row_side.pass) as pass,
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
