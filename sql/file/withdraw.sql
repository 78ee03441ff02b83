-- Withdraws files: the rows that no other file has count no longer and are noted for the next run; conflicts that these files
-- settled are open again.
-- Grain: one row, with the number of rows that left, and the months they lay in.
-- $1 business, $2 files, $3 rows that no other file has
with params as not materialized (select $1::uuid as business_id, $2::bigint[] as file_ids, $3::bigint[] as row_nos),

withdrawn as (
  update processor_file file
  set state = 'withdrawn'
  from params
  where file.business_id = params.business_id and file.file_id = any (params.file_ids)
),

reopened as (
  update quarantine aside
  set state = 'open', settled_file_id = null
  from params
  where aside.business_id = params.business_id and aside.settled_file_id = any (params.file_ids)
),

gone as (
  update processor_row line
  set active = false
  from params
  where line.business_id = params.business_id and line.row_no = any (params.row_nos) and line.active
  returning line.business_id, line.row_no, date_trunc('month', line.occurred_on)::date as month
),

touched as (
  insert into touched_item (business_id, item_no, month_before)
  select gone.business_id, gone.row_no, gone.month from gone order by gone.row_no
  on conflict do nothing
)

select (select count(*) from gone) as rows, array(select distinct to_char(gone.month, 'YYYY-MM') from gone order by 1) as months
