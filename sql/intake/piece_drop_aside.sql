-- Forgets the pieces of a file that have a line which had to be set aside: it is read, and told, in every file that has it.
-- Grain: one row per piece forgotten.
-- $1 business, $2 file
with params as not materialized (select $1::uuid as business_id, $2::bigint as file_id)

delete from report_piece as known
using params
where known.business_id = params.business_id
  and known.file_id = params.file_id
  and exists (
    select
    from quarantine
    where quarantine.business_id = params.business_id
      and quarantine.file_id = params.file_id
      and quarantine.line >= known.first_line
      and quarantine.line < known.first_line + known.lines)
