-- Which of some pieces of a report an earlier file of the account had, each with what is known of its lines.
-- Grain: one row per piece that is known.
-- $1 business, $2 processor, $3 account, $4 pieces
-- Volume: some 60 pieces of a megabyte at once. A list is looked up by the key whatever the planner knows of the table;
-- joined with it, as long as nobody has analyzed it, the table was read whole: 17 s of the 230 megabytes of one file.
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::text[] as pieces
)

select known.piece, known.lines, known.records, known.dates, known.categories
from params
join report_piece as known
  on known.business_id = params.business_id and known.piece = any(params.pieces)
    and known.processor = params.processor and known.account = params.account
