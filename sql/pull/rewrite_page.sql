-- Stores a page anew, with as many contents in the same places.
-- Grain: one row, written.
-- $1 business, $2 pull, $3 page, $4 how it is compressed, $5 its contents, $6 whether none of them holds details any more
with params as (
  select $1::uuid as business_id, $2::bigint as pull_id, $3::integer as page_no, $4::text as codec, $5::bytea as raw,
    $6::boolean as is_stripped
)

update ledger_page
set codec = params.codec, raw = params.raw, is_stripped = params.is_stripped
from params
where ledger_page.business_id = params.business_id and ledger_page.pull_id = params.pull_id
  and ledger_page.page_no = params.page_no
