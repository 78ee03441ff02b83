-- Forgets the pieces of an account. After a row's payout or date of availability was replaced by another one: a piece that
-- has the row with what it said before would bring that back, and has to be read to do so. After a conflict: a piece that
-- has the line as it stands would settle it.
-- Grain: one row per piece forgotten.
-- $1 business, $2 processor, $3 account
-- Volume: seldom; processors fill these in, and hardly ever change them. It looks at all pieces of the business.
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account
)

delete from report_piece as known
using params
where known.business_id = params.business_id
  and known.processor = params.processor
  and known.account = params.account
