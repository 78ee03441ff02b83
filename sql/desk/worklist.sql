-- A page of the findings that a filter means, the largest first, with what all of them come to. A finding's figure, months and words
-- are as of the last run.
-- Grain: one row per finding of the page, each with the totals of the whole; one without a finding where the page is empty.
-- totals: one per currency, code and date, with count and minor units.
-- $1 business, $2 month or null, $3 codes, $4 statuses, $5 processors (none: all), $6 owner, folded ('': of nobody), or null,
-- $7 and $8 first and last date or null, $9 a text to search, lower case, or null, $10 the same as an amount ('=4560'), or null,
-- $11 only what is new, $12 and $13 size and id of the last finding of the page before, or null, $14 how many, $15 totals too
with params as not materialized (
  select $1::uuid as business_id, $2::text as month, $3::text[] as codes, $4::text[] as statuses, $5::text[] as processors,
    $6::text as owner, $7::date as dated_from, $8::date as dated_to, $9::text as words, E'\n' || $10::text || E'\n' as amount,
    $11::boolean as only_new, $12::numeric as after_size, $13::text as after_id
),

owned as materialized (
  select distinct on (event.subject) event.subject as discrepancy_id, event.to_state as owner,
    lower(normalize(trim(event.to_state), nfc)) as folded, event.details::json ->> 'due_on' as owner_due_on
  from params
  join event on event.business_id = params.business_id and event.kind = 'assigned'
  order by event.subject, event.event_number desc
),

fresh as materialized (
  -- found again, or awaited in vain
  select event.subject as discrepancy_id
  from params
  join reconciliation run on run.business_id = params.business_id
  join event on event.business_id = params.business_id and event.at = run.as_of and event.kind in ('opened', 'reopened', 'overdue')
  where params.only_new
),

hit as materialized (
  -- what a search finds: looked through once
  select found.discrepancy_id
  from params
  join discrepancy found on found.business_id = params.business_id and found.status <> 'cleared'
  where params.words is not null and (strpos(found.words, params.words) > 0 or strpos(found.words, params.amount) > 0)
  union
  select owned.discrepancy_id from params cross join owned where strpos(owned.folded, params.words) > 0
),

meant as not materialized (
  -- one table and no join: so a page is read in the order of its index, and ends with it
  select found.discrepancy_id, found.code, found.size, found.figure_currency, found.dated_on
  from params
  join discrepancy found on found.business_id = params.business_id and found.status <> 'cleared'
  where found.status = any (params.statuses)
    and found.code = any (params.codes)
    and (params.words is null or found.discrepancy_id = any (array(select hit.discrepancy_id from hit)))
    and (params.month is null or found.months is null or params.month = any (found.months))
    and (cardinality(params.processors) = 0 or found.processor = any (params.processors))
    and (params.owner is null
      or (params.owner = '' and found.discrepancy_id not in (select owned.discrepancy_id from owned where owned.folded <> ''))
      or (params.owner <> '' and found.discrepancy_id in (select owned.discrepancy_id from owned where owned.folded = params.owner)))
    and (params.dated_from is null or found.dated_on >= params.dated_from)
    and (params.dated_to is null or found.dated_on <= params.dated_to)
    and (not params.only_new or found.discrepancy_id in (select fresh.discrepancy_id from fresh)
      or found.first_seen_at = (select run.as_of from reconciliation run where run.business_id = params.business_id))
),

total as (
  select coalesce(json_agg(json_build_object('currency', part.figure_currency, 'code', part.code, 'dated_on', part.dated_on,
    'count', part.count, 'amount', part.amount::text)), '[]') as totals
  from (
    select meant.figure_currency, meant.code, meant.dated_on, count(*) as count, sum(greatest(meant.size, 0)) as amount
    from meant
    where $15::boolean
    group by meant.figure_currency, meant.code, meant.dated_on
  ) part
),

page as (
  select meant.*
  from params cross join meant
  where params.after_id is null or (meant.size <= params.after_size
    and (meant.size < params.after_size or meant.discrepancy_id > params.after_id))
  order by meant.size desc, meant.discrepancy_id
  limit $14::bigint
)

select total.totals, page.discrepancy_id, page.size, found.code, found.direction, found.processor, found.status, found.figure,
  found.figure_currency, found.dated_on, found.due_on, found.late, found.refund_id, owned.owner, owned.owner_due_on,
  found.first_seen_at = run.as_of or exists (
    select from event
    where event.business_id = $1::uuid and event.subject = found.discrepancy_id and event.at = run.as_of
      and event.kind in ('opened', 'reopened', 'overdue')) as is_new,
  leg.refund_id as leg_refund_id, leg.external_id as leg_external_id,
  case when refund.keys_written is null then refund.reference_keys
    else array(select json_array_elements_text(refund.keys_written)) end as ledger_references, refund.payment_keys,
  line.transaction_id,
  case when line.keys_written is null then line.reference_ids
    else array(select json_array_elements_text(line.keys_written -> 'reference_ids')) end as processor_references
from total
left join page on true
left join reconciliation run on run.business_id = $1::uuid
left join discrepancy found on found.business_id = $1::uuid and found.discrepancy_id = page.discrepancy_id
left join owned on owned.discrepancy_id = page.discrepancy_id
left join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = found.leg_nos[1]
left join ledger_refund refund
  on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
left join processor_row line on line.business_id = $1::uuid and line.row_no = found.row_nos[1]
order by page.size desc, page.discrepancy_id
