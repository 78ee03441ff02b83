-- Remembers pieces of a file: so far all their lines could be read.
-- Grain: one row per piece remembered; one that the file has twice, or that is known, stays as it is.
-- $1 business, $2 processor, $3 account, $4 file; beside each other $5 pieces, $6 their first physical lines, $7 how many
-- physical lines they have, $8 how many records, $9 their first and $10 last dates, $11 their categories
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
),

brought as (
  select *
  from unnest($5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::date[], $10::date[], $11::text[])
    as brought (piece, first_line, lines, records, first_on, last_on, categories)
)

insert into report_piece (
  business_id, piece, processor, account, file_id, first_line, lines, records, first_on, last_on, categories)
select
  params.business_id, brought.piece, params.processor, params.account, params.file_id, brought.first_line,
  brought.lines, brought.records, brought.first_on, brought.last_on, brought.categories
from params
cross join brought
order by brought.piece collate "C"
on conflict (business_id, piece) do nothing
