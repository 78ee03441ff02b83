-- What each finding adds to a figure of an open month's roll-forward, a page at a time, the largest finding first. The rule is that
-- of sql/views/close/roll_forward.sql, finding by finding; `findings`: what it adds to the count. The step `explained` is that of the
-- tie-out: the effects of the month, of what is resolved too.
-- Grain: one row per finding; none where the month is not open. $1 business, $2 month, $3 step, $4 direction, $5 processor,
-- $6 currency, $7 and $8 size and id of the last finding of the page before, or null, $9 how many
with params as not materialized (
  select $1::uuid as business_id, $2::text as month, $3::text as step, $4::text as direction, $5::text as processor, $6::text as currency,
    $7::numeric as after_size, $8::text as after_id
),

asked as materialized (
  -- after a closed month some steps are of the findings that were signed, the others of those that are open now
  select coalesce(to_char(business.starts_on, 'YYYY-MM'), '') as from_month, opened.is_after_close,
    opened.is_after_close and params.step in ('opening', 'cleared', 'resolved', 'changed') as is_signed,
    params.step in ('new', 'closing', 'explained') or params.step = 'opening' and not opened.is_after_close as is_live
  from params
  join open_month opened on opened.business_id = params.business_id and opened.month = params.month
  join business on business.business_id = params.business_id
),

carried as materialized (
  select signed.discrepancy_id, signed.amount, signed.refund_fee, signed.returned_fee
  from params
  join asked on asked.is_after_close
  join carried_finding signed on signed.business_id = params.business_id and signed.direction = params.direction
    and signed.processor = params.processor and signed.currency = params.currency
),

counted as not materialized (
  -- the effects that a figure of what is open now is made of
  select effect.discrepancy_id
  from params
  join discrepancy_effect effect on effect.business_id = params.business_id and effect.processor = params.processor
    and effect.currency = params.currency and effect.month <= params.month
  where effect.month >= (select asked.from_month from asked)
    and case params.step
      when 'opening' then effect.month < params.month
      when 'explained' then effect.month = params.month
      when 'new' then effect.month = params.month
        or (select asked.is_after_close from asked) and effect.discrepancy_id not in (select carried.discrepancy_id from carried)
      else true end
),

-- what is open, in the order of the list: nearly always those of the line are among the first
quick as materialized (
  select found.discrepancy_id, found.size
  from (
    select first.discrepancy_id, first.size
    from params
    join discrepancy first on first.business_id = params.business_id and first.status <> 'cleared'
    where (first.status <> 'resolved' or params.step = 'explained') and (select asked.is_live from asked)
      and (params.after_id is null or (first.size <= params.after_size
        and (first.size < params.after_size or first.discrepancy_id > params.after_id)))
    order by first.size desc, first.discrepancy_id
    limit 1000
  ) found
  cross join params
  where exists (select from counted where counted.discrepancy_id = found.discrepancy_id)
    and (
      select whole.direction from discrepancy whole
      where whole.business_id = params.business_id and whole.discrepancy_id = found.discrepancy_id) = params.direction
  order by found.size desc, found.discrepancy_id
  limit $9::bigint
),

-- else all that have an effect on the line are gathered first
slow as materialized (
  select found.discrepancy_id, found.size
  from params
  join discrepancy found on found.business_id = params.business_id and found.status <> 'cleared'
  where (found.status <> 'resolved' or params.step = 'explained') and (select asked.is_live from asked)
    and (select count(*) from quick) < $9::bigint
    and (params.after_id is null or (found.size <= params.after_size
      and (found.size < params.after_size or found.discrepancy_id > params.after_id)))
    and coalesce(found.discrepancy_id in (select counted.discrepancy_id from counted), false)
    and (
      select whole.direction from discrepancy whole
      where whole.business_id = params.business_id and whole.discrepancy_id = found.discrepancy_id) = params.direction
  order by found.size desc, found.discrepancy_id
  limit $9::bigint
),

page as (
  (select carried.discrepancy_id, coalesce(found.size, -1) as size,
    case params.step when 'changed' then now.amount - carried.amount else carried.amount end as amount,
    case params.step when 'changed' then now.refund_fee - carried.refund_fee else carried.refund_fee end as refund_fee,
    case params.step when 'changed' then now.returned_fee - carried.returned_fee else carried.returned_fee end as returned_fee,
    1::bigint as findings
  from params
  join asked on asked.is_signed
  cross join carried
  left join discrepancy found on found.business_id = params.business_id and found.discrepancy_id = carried.discrepancy_id
  cross join lateral (
    select count(*) > 0 as is_open,
      coalesce(sum(effect.amount) filter (where effect.month < params.month), 0) as amount,
      coalesce(sum(effect.refund_fee) filter (where effect.month < params.month), 0) as refund_fee,
      coalesce(sum(effect.returned_fee) filter (where effect.month < params.month), 0) as returned_fee
    from discrepancy_effect effect
    where found.status in ('open', 'acknowledged') and effect.business_id = params.business_id
      and effect.discrepancy_id = carried.discrepancy_id and effect.processor = params.processor and effect.currency = params.currency
      and effect.month <= params.month and effect.month >= asked.from_month
  ) now
  where case params.step
      when 'opening' then true
      when 'cleared' then not now.is_open and found.status is distinct from 'resolved'
      when 'resolved' then not now.is_open and found.status = 'resolved'
      else now.is_open and (carried.amount, carried.refund_fee, carried.returned_fee) <> (now.amount, now.refund_fee, now.returned_fee) end
    and (params.after_id is null or coalesce(found.size, -1) < params.after_size
      or coalesce(found.size, -1) = params.after_size and carried.discrepancy_id > params.after_id)
  order by 2 desc, 1
  limit $9::bigint)
  union all
  select found.discrepancy_id, found.size, own.amount, own.refund_fee, own.returned_fee,
    case when params.step <> 'new' or kind.is_fresh then 1 else 0 end::bigint
  from params
  cross join (
    select quick.* from quick where (select count(*) from quick) >= $9::bigint
    union all
    select slow.* from slow
  ) found
  cross join lateral (
    -- counted here first, with all that it comes to; of the others only what is dated in the month is new
    select case when (select asked.is_after_close from asked) then found.discrepancy_id not in (select carried.discrepancy_id from carried)
      else not exists (
        select from discrepancy_effect earlier
        where earlier.business_id = params.business_id and earlier.discrepancy_id = found.discrepancy_id
          and earlier.processor = params.processor and earlier.currency = params.currency and earlier.month < params.month
          and earlier.month >= (select asked.from_month from asked)) end as is_fresh
  ) kind
  cross join lateral (
    select sum(effect.amount) as amount, sum(effect.refund_fee) as refund_fee, sum(effect.returned_fee) as returned_fee
    from discrepancy_effect effect
    where effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id
      and effect.processor = params.processor and effect.currency = params.currency
      and effect.month <= params.month and effect.month >= (select asked.from_month from asked)
      and case params.step
        when 'opening' then effect.month < params.month
        when 'explained' then effect.month = params.month
        when 'new' then kind.is_fresh or effect.month = params.month
        else true end
  ) own
)

select page.discrepancy_id, page.size, page.amount, page.refund_fee, page.returned_fee, page.findings
from page
order by page.size desc, page.discrepancy_id
