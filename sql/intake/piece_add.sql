-- Remembers pieces of a file: so far all their lines could be read.
-- Grain: one row per piece remembered; one that the file has twice, or that is known, stays as it is.
-- $1 business, $2 processor, $3 account, $4 file; beside each other $5 pieces, $6 their first physical lines, $7 how many
-- physical lines they have, $8 how many records, $9 their dates, $10 their categories
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
),

brought as (
  select *
  from unnest($5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
    as brought (piece, first_line, lines, records, dates, categories)
)

insert into report_piece (
  business_id, piece, processor, account, file_id, first_line, lines, records, dates, categories)
select
  params.business_id, brought.piece, params.processor, params.account, params.file_id, brought.first_line,
  brought.lines, brought.records, brought.dates, brought.categories
from params
cross join brought
order by brought.piece collate "C"
on conflict (business_id, piece) do nothing
