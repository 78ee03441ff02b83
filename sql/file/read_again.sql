-- What became of files that were withdrawn and read anew: how many of the rows that left did not come back, and in which months
-- the rows lie that these files brought.
-- Grain: one row.
-- $1 business, $2 rows that left, $3 files
select
  (select count(*) from processor_row line
   where line.business_id = $1::uuid and line.row_no = any ($2::bigint[]) and not line.active) as gone,
  array(
    select distinct to_char(line.occurred_on, 'YYYY-MM') from processor_row line
    where line.business_id = $1::uuid and line.file_id = any ($3::bigint[]) and line.active) as months
