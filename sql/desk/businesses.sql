-- A page of businesses by name, each with the month that is to be closed (the latest that is over at its last run; none over: that of the
-- run), its verdict, what ledger less processors comes to there, and what is open in all months.
-- Grain: one row per business. $1 businesses, $2 a text in the name or the id, lower case, or null, $3 and $4 folded name and id of the
-- last business of the page before, or null, $5 how many
with params as not materialized (
  select $1::uuid[] as business_ids, $2::text as words, $3::text as after_name, $4::uuid as after_id
),

page as materialized (
  select business.business_id, business.name, lower(business.name) collate "C" as folded, business.currency
  from params
  join business on business.business_id = any (params.business_ids)
  where (params.words is null or strpos(lower(business.name), params.words) > 0 or starts_with(business.business_id::text, params.words))
    and (params.after_name is null
      or (lower(business.name) collate "C", business.business_id) > (params.after_name collate "C", params.after_id))
  order by lower(business.name) collate "C", business.business_id
  limit $5::bigint
)

select page.business_id, page.name, page.folded, page.currency, run.as_of, said.month, said.verdict, sum_of.net, sum_of.gross,
  open_item.errors, open_item.timing, open_item.oldest_on,
  (select array_remove(array[signed.prepared_by, signed.reviewed_by], null) from closed_month signed
   where signed.business_id = page.business_id and signed.month = said.month) as signed_by
from page
left join reconciliation run on run.business_id = page.business_id
left join run_day day on day.business_id = page.business_id
left join lateral (
  select verdict.month, verdict.verdict
  from month_verdict verdict
  where verdict.business_id = page.business_id
  order by verdict.month < to_char(day.today, 'YYYY-MM') desc, verdict.month desc
  limit 1
) said on true
left join lateral (
  select sum(line.difference) as net, sum(line.gross) as gross
  from tie_out_line line
  where line.business_id = page.business_id and line.month = said.month and line.measure = 'amount' and line.currency = page.currency
) sum_of on true
left join lateral (
  -- counted in an index: what is not cleared, less what is resolved
  select sum(of_code.count - of_code.resolved) filter (where of_code.class = 'error')::bigint as errors,
    sum(of_code.count - of_code.resolved) filter (where of_code.class = 'timing')::bigint as timing,
    min(oldest.dated_on) filter (where of_code.class = 'error') as oldest_on
  from (
    select check_code.code, check_code.class,
      (select count(*) from discrepancy found
       where found.business_id = page.business_id and found.status <> 'cleared' and found.code = check_code.code) as count,
      (select count(*) from discrepancy found
       where found.business_id = page.business_id and found.status = 'resolved' and found.code = check_code.code) as resolved
    from check_code
    where check_code.class in ('error', 'timing')
  ) of_code
  left join lateral (
    select found.dated_on from discrepancy found
    where of_code.class = 'error' and found.business_id = page.business_id and found.status <> 'cleared' and found.code = of_code.code
      and found.status in ('open', 'acknowledged')
    order by found.dated_on
    limit 1
  ) oldest on true
) open_item on true
order by page.folded, page.business_id
