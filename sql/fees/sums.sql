-- What a FEE_TOTAL_MISMATCH sums on the processor's side: the fees of its refund lines, the fee lines by category and file, and what
-- was typed in.
-- Grain: one row per kind, category and file. $1 business, $2 finding
with params as not materialized (select $1::uuid as business_id, $2::text as discrepancy_id),

meant as (
  select found.direction, found.processor, found.currency, to_date(found.month, 'YYYY-MM') as first_day,
    (to_date(found.month, 'YYYY-MM') + interval '1 month')::date as day_after
  from params
  join discrepancy found on found.business_id = params.business_id and found.discrepancy_id = params.discrepancy_id
)

select 1 as rank, 'refund lines' as kind, line.type as category, file.name as file, count(*) as lines,
  sum(line.refund_fee) as refund_fee, sum(line.returned_fee) as returned_fee
from params
cross join meant
join refund_row line
  on line.business_id = params.business_id and line.direction = meant.direction and line.processor = meant.processor
  and line.currency = meant.currency and line.on_date >= meant.first_day and line.on_date < meant.day_after
join processor_file file on file.business_id = params.business_id and file.file_id = line.file_id
where line.refund_fee <> 0 or line.returned_fee <> 0
group by line.type, file.name
union all
select case when fee.row_no is null then 3 else 2 end, case when fee.row_no is null then 'typed in' else 'fee lines' end,
  fee.category, file.name, count(*), sum(fee.refund_fee), sum(fee.returned_fee)
from params
cross join meant
join fee_line fee
  on fee.business_id = params.business_id and fee.direction = meant.direction and fee.processor = meant.processor
  and fee.currency = meant.currency and fee.on_date >= meant.first_day and fee.on_date < meant.day_after
left join processor_file file on file.business_id = params.business_id and file.file_id = fee.file_id
group by fee.row_no is null, fee.category, file.name
order by 1, 3 nulls last, 4 nulls last
