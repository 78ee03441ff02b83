-- Finds everything there is to say of a business, by all of sql/check/ at once, and brings the stored discrepancies to it:
-- new ones are open, cleared ones found again are open, so are resolved ones whose effects or code changed; what is found
-- no more is cleared; what did not change is not written (spec section 7). The lists of checks are put in where they
-- are named in braces.
-- Grain: one row per change that is an event of its own, then one row per kind with the timing findings that are none: count and amount.
-- $1 business, $2 as_of, $3 as_of of the run before, or null, $4 the codes of the class timing
with match_judged as materialized (
  -- the checks read it under its name: it is worked out once
  select judged.* from match_judged judged where judged.business_id = $1::uuid
),
open_leg as materialized (select open.* from open_leg open where open.business_id = $1::uuid),
open_row as materialized (select open.* from open_row open where open.business_id = $1::uuid),
waiting_leg as materialized (select waiting.* from waiting_leg waiting where waiting.business_id = $1::uuid),
match_check as materialized (
  {match_checks}
),
item_check as materialized (
  {item_checks}
),
month_check as materialized (
  {month_checks}
),
checked as (
  select item_check.* from item_check
  union all
  select match_check.code, match_check.direction, null, listed.leg_nos, listed.row_nos, match_check.carries_amount,
    match_check.carries_refund_fee, match_check.carries_returned_fee, null
  from match_check
  cross join lateral (
    select
      coalesce(array_agg(matched.leg_no order by leg.completed_on, leg.leg_id, leg.refund_id) filter (where matched.leg_no is not null), '{}') as leg_nos,
      coalesce(array_agg(matched.row_no order by line.occurred_on, line.transaction_id, line.account) filter (where matched.row_no is not null), '{}') as row_nos
    from match_item matched
    left join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
    left join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
    where matched.business_id = $1::uuid and matched.match_no = match_check.match_no and not matched.balanced
  ) listed
),
finding as materialized (
  select row_number() over () as finding_no, checked.* from checked
),
item as materialized (
  select finding.finding_no, 2 as side, listed.place,
    format('leg %s %s %s %s', leg.direction, leg.refund_id, leg.leg_id, leg.ordinal) as name, true as is_identity,
    leg.processor, leg.currency, leg.on_date, leg.month,
    case when finding.carries_amount then leg.amount else 0 end as amount,
    case when finding.carries_refund_fee and leg.refund_fee_tie = 'per_refund' then leg.refund_fee else 0 end as refund_fee,
    case when finding.carries_returned_fee and leg.returned_fee_tie = 'per_refund' then leg.returned_fee else 0 end as returned_fee
  from finding
  cross join unnest(finding.leg_nos) with ordinality as listed (leg_no, place)
  cross join lateral (
    select leg.* from leg where leg.business_id = $1::uuid and leg.leg_no = listed.leg_no limit 1
  ) leg
  union all
  select finding.finding_no, 1, listed.place,
    format('row %s %s %s', line.processor, line.account, line.transaction_id), finding.code <> 'OVER_REFUND' or line.type = 'payment',
    line.processor, line.currency, line.occurred_on, to_char(line.occurred_on, 'YYYY-MM'),
    case when finding.carries_amount then -line.amount else 0 end,
    case when finding.carries_refund_fee and coalesce(fee.refund_fee_tie, 'per_refund') = 'per_refund' then -line.refund_fee else 0 end,
    case when finding.carries_returned_fee and coalesce(fee.returned_fee_tie, 'per_refund') = 'per_refund' then -line.returned_fee else 0 end
  from finding
  cross join unnest(finding.row_nos) with ordinality as listed (row_no, place)
  cross join lateral (
    select line.* from processor_row line where line.business_id = $1::uuid and line.row_no = listed.row_no limit 1
  ) line
  left join fee_span fee
    on fee.business_id = $1::uuid and fee.processor = line.processor
    and line.occurred_on >= fee.from_month and line.occurred_on < fee.before_month
),
described as materialized (
  select finding.finding_no,
    left(encode(sha256(convert_to(concat_ws(E'\n',
      -- what ripens keeps its identity
      case finding.code when 'AWAITING_LEDGER' then 'MISSING_IN_LEDGER' when 'AWAITING_PROCESSOR' then 'MISSING_AT_PROCESSOR' else finding.code end,
      finding.direction, finding.refund_id, part.names), 'UTF8')), 'hex'), 24) as discrepancy_id,
    finding.code, finding.direction, part.processor, coalesce(part.currency, business.currency) as currency, finding.refund_id,
    null::text as month, null::text as measure, finding.leg_nos, finding.row_nos, null::json as differs, finding.due_on,
    coalesce(part.dated_on, (
      select coalesce(
        (select min(leg.completed_on) from ledger_leg leg
         where leg.business_id = $1::uuid and leg.direction = finding.direction and leg.refund_id = finding.refund_id
           and (leg.active or refund.removed_pull_id is not null)),
        refund.completed_on)
      from ledger_refund refund
      where refund.business_id = $1::uuid and refund.direction = finding.direction and refund.refund_id = finding.refund_id
    )) as dated_on
  from finding
  join business on business.business_id = $1::uuid
  left join (
    select item.finding_no,
      string_agg(item.name, E'\n' order by item.name collate "C") filter (where item.is_identity) as names,
      (array_agg(item.processor order by item.side, item.place))[1] as processor,
      (array_agg(item.currency order by item.side, item.place))[1] as currency, min(item.on_date) as dated_on
    from item
    group by item.finding_no
  ) part on part.finding_no = finding.finding_no
  union all
  select null,
    left(encode(sha256(convert_to(concat_ws(E'\n', month_check.code, month_check.direction, month_check.processor,
      month_check.currency, month_check.month, month_check.measure), 'UTF8')), 'hex'), 24),
    month_check.code, month_check.direction, month_check.processor, month_check.currency, null, month_check.month,
    month_check.measure, month_check.leg_nos, month_check.row_nos, month_check.differs, null,
    coalesce(
      least(
        (select min(leg.completed_on) from ledger_leg leg where leg.business_id = $1::uuid and leg.leg_no = any (month_check.leg_nos)),
        (select min(line.occurred_on) from processor_row line where line.business_id = $1::uuid and line.row_no = any (month_check.row_nos))),
      (to_date(month_check.month, 'YYYY-MM') + interval '1 month')::date - 1)
  from month_check
),
effect as materialized (
  select described.discrepancy_id, item.month, item.processor, item.currency, sum(item.amount) as amount,
    sum(item.refund_fee) as refund_fee, sum(item.returned_fee) as returned_fee
  from item join described on described.finding_no = item.finding_no
  group by described.discrepancy_id, item.month, item.processor, item.currency
  having sum(item.amount) <> 0 or sum(item.refund_fee) <> 0 or sum(item.returned_fee) <> 0
  union all
  select described.discrepancy_id, month_check.month, month_check.processor, month_check.currency, 0,
    month_check.refund_fee, month_check.returned_fee
  from month_check
  join described on described.finding_no is null and described.code = month_check.code
    and described.direction = month_check.direction and described.processor = month_check.processor
    and described.currency = month_check.currency and described.month = month_check.month
    and described.measure is not distinct from month_check.measure
  where month_check.refund_fee <> 0 or month_check.returned_fee <> 0
),
effects_of as materialized (
  select effect.discrepancy_id, array_agg(effect.month) as months,
    json_agg(json_build_array(effect.month, effect.processor, effect.currency, effect.amount, effect.refund_fee, effect.returned_fee)
      order by effect.month, effect.processor collate "C", effect.currency)::text as said
  from effect group by effect.discrepancy_id
),
compared as materialized (
  -- every discrepancy that is found, or was until now
  select described.*, effects_of.months, stored.discrepancy_id as stored_id, stored.status as status_before, stored.code as code_before,
    coalesce(case stored.status when 'cleared' then true when 'resolved' then
      stored.code <> described.code or stored.differs::text is distinct from described.differs::text
      or effects_of.said is distinct from
        (select json_agg(json_build_array(kept.month, kept.processor, kept.currency, kept.amount, kept.refund_fee, kept.returned_fee)
            order by kept.month, kept.processor collate "C", kept.currency)::text
          from discrepancy_effect kept
          where kept.business_id = $1::uuid and kept.discrepancy_id = described.discrepancy_id) end, false) as is_reopened
  from described
  left join effects_of on effects_of.discrepancy_id = described.discrepancy_id
  left join discrepancy stored on stored.business_id = $1::uuid and stored.discrepancy_id = described.discrepancy_id
),
gone as materialized (
  select stored.discrepancy_id, stored.status, stored.code
  from discrepancy stored
  where stored.business_id = $1::uuid and stored.status <> 'cleared'
    and stored.discrepancy_id not in (select described.discrepancy_id from described)
),
opened as (
  insert into discrepancy
    (business_id, discrepancy_id, code, direction, processor, currency, refund_id, month, measure, leg_nos, row_nos, differs, status,
     dated_on, due_on, first_seen_at, last_seen_at, late)
  select $1::uuid, discrepancy_id, code, direction, processor, currency, refund_id, month, measure, leg_nos, row_nos, differs, 'open',
    dated_on, due_on, $2::timestamptz, $2::timestamptz,
    -- it is about a month that was closed before
    exists (
      select from month_close closed
      where closed.business_id = $1::uuid and closed.state = 'closed' and (closed.month = compared.month
        or closed.month = any (compared.months)
        or compared.months is null and (
          closed.month in (select item.month from item where item.finding_no = compared.finding_no)
          or closed.month in (
            select to_char(leg.completed_on, 'YYYY-MM') from ledger_leg leg
            where leg.business_id = $1::uuid and leg.direction = compared.direction and leg.refund_id = compared.refund_id))))
  from compared
  where stored_id is null
  order by discrepancy_id
),
renewed as (
  update discrepancy stored
  set code = compared.code, processor = compared.processor, currency = compared.currency, leg_nos = compared.leg_nos,
    row_nos = compared.row_nos, differs = compared.differs, dated_on = compared.dated_on, due_on = compared.due_on,
    words = null,
    status = case when compared.is_reopened then 'open' else stored.status end
  from compared
  where stored.business_id = $1::uuid and stored.discrepancy_id = compared.stored_id
    and (compared.is_reopened
      or (stored.code, stored.processor, stored.currency, stored.leg_nos, stored.row_nos, stored.differs::text, stored.dated_on, stored.due_on)
        is distinct from (compared.code, compared.processor, compared.currency, compared.leg_nos, compared.row_nos,
          compared.differs::text, compared.dated_on, compared.due_on))
),
cleared as (
  update discrepancy stored set status = 'cleared', last_seen_at = coalesce($3::timestamptz, stored.last_seen_at)
  from gone
  where stored.business_id = $1::uuid and stored.discrepancy_id = gone.discrepancy_id
),
effects_gone as (
  delete from discrepancy_effect stored
  using described
  where stored.business_id = $1::uuid and stored.discrepancy_id = described.discrepancy_id
    and not exists (
      select from effect
      where effect.discrepancy_id = stored.discrepancy_id and effect.month = stored.month
        and effect.processor = stored.processor and effect.currency = stored.currency)
),
effects_stored as (
  insert into discrepancy_effect as stored
    (business_id, discrepancy_id, month, processor, currency, amount, refund_fee, returned_fee)
  select $1::uuid, discrepancy_id, month, processor, currency, amount, refund_fee, returned_fee
  from effect
  order by discrepancy_id, month, processor, currency
  on conflict (business_id, discrepancy_id, month, processor, currency) do update
  set amount = excluded.amount, refund_fee = excluded.refund_fee, returned_fee = excluded.returned_fee
  where (stored.amount, stored.refund_fee, stored.returned_fee)
    is distinct from (excluded.amount, excluded.refund_fee, excluded.returned_fee)
),
change as (
  select discrepancy_id, code, null::text as code_before, null::text as status_before,
    'opened' as kind, 'open' as status
  from compared where stored_id is null
  union all
  select discrepancy_id, code, code_before, status_before, 'reopened', 'open'
  from compared where is_reopened
  union all
  select discrepancy_id, code, code_before, status_before, case when code = any ($4::text[]) then 'waiting' else 'overdue' end, status_before
  from compared where stored_id is not null and not is_reopened and code <> code_before
  union all
  select discrepancy_id, code, code, status, 'cleared', 'cleared'
  from gone
),
told as (
  -- a timing finding that was never anything else, that no person touched and that stands in no close is told in the run's own event
  select change.*,
    change.code = any ($4::text[]) and coalesce(change.code_before, change.code) = any ($4::text[])
      and not exists (
        select from event where event.business_id = $1::uuid and event.subject = change.discrepancy_id)
      and change.discrepancy_id not in (
        select carried.discrepancy_id from carried_finding carried where carried.business_id = $1::uuid) as is_summed,
    coalesce(
      case when change.kind <> 'cleared' then now.amount end,
      (select sum(kept.amount) from discrepancy_effect kept
       where kept.business_id = $1::uuid and kept.discrepancy_id = change.discrepancy_id), 0) as amount
  from change
  left join (
    select effect.discrepancy_id, sum(effect.amount) as amount from effect group by effect.discrepancy_id
  ) now on now.discrepancy_id = change.discrepancy_id
)
select discrepancy_id, kind, code, status_before, status, 1::bigint as count, amount
from told where not is_summed
union all
select null, kind, null, null, null, count(*), sum(amount)
from told where is_summed
group by kind
order by discrepancy_id nulls last, kind
