-- Pages of refunds' contents.
-- Grain: one row per page.
-- $1 business, $2 pulls, $3 beside them the numbers of the pages
with params as (select $1::uuid as business_id)

select page.pull_id, page.page_no, page.codec, page.raw
from params
cross join unnest($2::bigint[], $3::integer[]) as asked (pull_id, page_no)
join ledger_page as page
  on page.business_id = params.business_id and page.pull_id = asked.pull_id and page.page_no = asked.page_no
