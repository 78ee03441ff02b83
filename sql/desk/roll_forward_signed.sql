-- What each finding adds to a figure of a closed month's roll-forward as it was signed, a page at a time, the largest finding first: from
-- what was signed as open at its end and at that of the closed month before it. What of the latter was not open any more is
-- resolved or cleared as the chain of events says up to the signature. The step `explained` is that of the tie-out.
-- Grain: one row per finding; none where the month is not closed. $1 business, $2 month, $3 step, $4 direction, $5 processor,
-- $6 currency, $7 and $8 size and id of the last finding of the page before, or null, $9 how many
with params as not materialized (
  select $1::uuid as business_id, $2::text as month, $3::text as step, $4::text as direction, $5::text as processor, $6::text as currency,
    $7::numeric as after_size, $8::text as after_id
),

own as materialized (
  select signed.event_number, signed.findings
  from params
  join month_close stands on stands.business_id = params.business_id and stands.month = params.month and stands.state = 'closed'
  join close signed on signed.business_id = params.business_id and signed.month = stands.month and signed.edition = stands.edition
),

before as materialized (
  select signed.carried
  from params
  cross join own
  join month_close stands on stands.business_id = params.business_id and stands.month < params.month and stands.state = 'closed'
  join close signed on signed.business_id = params.business_id and signed.month = stands.month and signed.edition = stands.edition
    and signed.event_number < own.event_number
  order by stands.month desc
  limit 1
),

was as materialized (
  select carried.discrepancy_id, carried.amount, carried.refund_fee, carried.returned_fee
  from params
  cross join before
  cross join lateral json_to_recordset(before.carried) as carried (
    discrepancy_id text, direction text, processor text, currency text, amount numeric, refund_fee numeric, returned_fee numeric)
  where carried.direction = params.direction and carried.processor = params.processor and carried.currency = params.currency
),

effect as materialized (
  select signed.id as discrepancy_id, signed.status, effect.month, effect.amount, effect.refund_fee, effect.returned_fee
  from params
  cross join own
  cross join lateral json_to_recordset(own.findings) as signed (id text, status text, direction text, effects json)
  cross join lateral json_to_recordset(signed.effects) as effect (
    month text, processor text, currency text, amount numeric, refund_fee numeric, returned_fee numeric)
  where signed.direction = params.direction and effect.processor = params.processor and effect.currency = params.currency
    and effect.month <= params.month
),

now as materialized (
  -- the effects of what was open at the signature: all, those before the month, and how many these are
  select effect.discrepancy_id, sum(effect.amount) as amount, sum(effect.refund_fee) as refund_fee,
    sum(effect.returned_fee) as returned_fee, count(*) filter (where effect.month < params.month) as earlier,
    coalesce(sum(effect.amount) filter (where effect.month < params.month), 0) as earlier_amount,
    coalesce(sum(effect.refund_fee) filter (where effect.month < params.month), 0) as earlier_refund_fee,
    coalesce(sum(effect.returned_fee) filter (where effect.month < params.month), 0) as earlier_returned_fee
  from params
  join effect on effect.status in ('open', 'acknowledged')
  group by effect.discrepancy_id
),

part as (
  select effect.discrepancy_id, 'explained' as step, effect.amount, effect.refund_fee, effect.returned_fee, 1::bigint as findings
  from params
  join effect on effect.month = params.month
  union all
  select now.discrepancy_id, 'closing', now.amount, now.refund_fee, now.returned_fee, 1 from now
  union all
  select now.discrepancy_id, 'opening', now.earlier_amount, now.earlier_refund_fee, now.earlier_returned_fee, 1
  from now where now.earlier > 0 and not exists (select from before)
  union all
  -- all of what is counted here first; of the others what is dated in the month
  select now.discrepancy_id, 'new', now.amount - kept.amount, now.refund_fee - kept.refund_fee, now.returned_fee - kept.returned_fee,
    case when kept.is_kept then 0 else 1 end
  from now
  left join was on was.discrepancy_id = now.discrepancy_id
  cross join lateral (
    select state.is_kept, case when state.is_kept then now.earlier_amount else 0 end as amount,
      case when state.is_kept then now.earlier_refund_fee else 0 end as refund_fee,
      case when state.is_kept then now.earlier_returned_fee else 0 end as returned_fee
    from (
      select case when exists (select from before) then was.discrepancy_id is not null else now.earlier > 0 end as is_kept
    ) state
  ) kept
  union all
  select was.discrepancy_id, 'opening', was.amount, was.refund_fee, was.returned_fee, 1 from was
  union all
  select was.discrepancy_id, 'changed', now.earlier_amount - was.amount, now.earlier_refund_fee - was.refund_fee,
    now.earlier_returned_fee - was.returned_fee, 1
  from was join now on now.discrepancy_id = was.discrepancy_id
  union all
  select was.discrepancy_id, case when said.kind = 'resolved' then 'resolved' else 'cleared' end, was.amount, was.refund_fee,
    was.returned_fee, 1
  from was
  cross join own
  left join lateral (
    select event.kind from event
    where event.business_id = $1::uuid and event.subject = was.discrepancy_id and event.event_number <= own.event_number
      and event.kind in ('opened', 'reopened', 'acknowledged', 'resolved', 'cleared')
    order by event.event_number desc
    limit 1
  ) said on true
  where not exists (select from now where now.discrepancy_id = was.discrepancy_id)
)

select part.discrepancy_id, coalesce(found.size, -1) as size, part.amount, part.refund_fee, part.returned_fee, part.findings
from params
join part on part.step = params.step
left join discrepancy found on found.business_id = params.business_id and found.discrepancy_id = part.discrepancy_id
where (part.step <> 'changed' and part.findings > 0 or (part.amount, part.refund_fee, part.returned_fee) <> (0, 0, 0))
  and (params.after_id is null or coalesce(found.size, -1) < params.after_size
    or coalesce(found.size, -1) = params.after_size and part.discrepancy_id > params.after_id)
order by size desc, part.discrepancy_id
limit $9::bigint
