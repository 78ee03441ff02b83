-- The next pages of a business that may hold details of people, in order: all, or those of pulls before an instant.
-- Grain: one row per page, 50 at most.
-- $1 business, $2 pull and $3 page after which they come, $4 the instant; null: all
with params as (select $1::uuid as business_id, $2::bigint as pull_id, $3::integer as page_no, $4::timestamptz as before)

select page.pull_id, page.page_no, page.codec, page.raw
from params
join ledger_page as page
  on page.business_id = params.business_id and (page.pull_id, page.page_no) > (params.pull_id, params.page_no)
join pull on pull.business_id = page.business_id and pull.pull_id = page.pull_id
where not page.is_stripped and (params.before is null or pull.as_of < params.before)
order by page.pull_id, page.page_no
limit 50
