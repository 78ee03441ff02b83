-- The roll-forward of open months (spec section 7), over the effects of open and acknowledged findings. The opening is what was
-- open at the end of the month before: after a closed month what was signed then, finding by finding, of which each is still
-- open, perhaps with another amount (changed), or resolved, or not found any more (cleared). new: all else in the closing.
-- Of the measure count, changed says how many findings changed; opening + new - cleared - resolved = closing.
-- It reads what the last run summed into tie_out_line, less what is resolved: no finding that is open is read but those that were signed.
-- Grain: one row per direction, processor, currency, open month and measure with an effect up to the month or a tie-out line in it.
select part.business_id, part.direction, part.processor, part.currency, part.month, part.is_after_close, part.measure,
  sum(part.opening) as opening, sum(part.closing - part.still) as new, sum(part.cleared) as cleared, sum(part.resolved) as resolved,
  sum(part.changed) as changed, sum(part.closing) as closing
from (
  -- the effects of all findings. still: what the opening comes to today; findings: in the closing
  select month.business_id, line.direction, line.processor, line.currency, month.month, month.is_after_close, measure.name as measure,
    line.month = month.month as is_shown, line.findings, before.amount as opening, before.amount as still, 0 as cleared, 0 as resolved,
    0 as changed, measure.amount as closing
  from open_month month
  join business on business.business_id = month.business_id
  join tie_out_line line on line.business_id = month.business_id and line.month <= month.month
  cross join lateral (
    select line.measure, line.explained union all select 'count', line.findings where line.measure = 'amount'
  ) as measure (name, amount)
  cross join lateral (
    select case when line.month < month.month and not month.is_after_close then measure.amount else 0 end as amount
  ) before
  where business.starts_on is null or line.month >= to_char(business.starts_on, 'YYYY-MM')
  union all
  -- less those of the resolved ones
  select month.business_id, found.direction, effect.processor, effect.currency, month.month, month.is_after_close, measure.name,
    false, -own.findings, before.amount, before.amount, 0, 0, 0, measure.amount
  from open_month month
  join business on business.business_id = month.business_id
  join discrepancy found on found.business_id = month.business_id and found.status = 'resolved'
  join discrepancy_effect effect
    on effect.business_id = found.business_id and effect.discrepancy_id = found.discrepancy_id and effect.month <= month.month
  cross join lateral (
    select case when exists (
      select from discrepancy_effect earlier
      where earlier.business_id = effect.business_id and earlier.discrepancy_id = effect.discrepancy_id and earlier.month < effect.month
        and earlier.processor = effect.processor and earlier.currency = effect.currency
        and (business.starts_on is null or earlier.month >= to_char(business.starts_on, 'YYYY-MM'))) then 0 else 1 end as findings
  ) own
  cross join lateral (values
    ('amount', -effect.amount), ('refund_fee', -effect.refund_fee), ('returned_fee', -effect.returned_fee), ('count', -own.findings)
  ) as measure (name, amount)
  cross join lateral (
    select case when effect.month < month.month and not month.is_after_close then measure.amount else 0 end as amount
  ) before
  where business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM')
  union all
  -- after a closed month: what was signed, and what became of it
  select month.business_id, carried.direction, carried.processor, carried.currency, month.month, true, measure.name, true, 0, measure.was,
    case when now.is_open then measure.now else 0 end, case when not now.is_open and not now.is_resolved then measure.was else 0 end,
    case when not now.is_open and now.is_resolved then measure.was else 0 end, case when now.is_open then measure.changed else 0 end, 0
  from open_month month
  join business on business.business_id = month.business_id
  join carried_finding carried on carried.business_id = month.business_id
  left join discrepancy stored on stored.business_id = month.business_id and stored.discrepancy_id = carried.discrepancy_id
  cross join lateral (
    select count(*) > 0 as is_open, coalesce(stored.status = 'resolved', false) as is_resolved,
      coalesce(sum(effect.amount) filter (where effect.month < month.month), 0) as amount,
      coalesce(sum(effect.refund_fee) filter (where effect.month < month.month), 0) as refund_fee,
      coalesce(sum(effect.returned_fee) filter (where effect.month < month.month), 0) as returned_fee
    from discrepancy_effect effect
    where stored.status in ('open', 'acknowledged') and effect.business_id = stored.business_id
      and effect.discrepancy_id = stored.discrepancy_id and effect.processor = carried.processor and effect.currency = carried.currency
      and effect.month <= month.month and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))
  ) now
  cross join lateral (values
    ('amount', carried.amount, now.amount, now.amount - carried.amount),
    ('refund_fee', carried.refund_fee, now.refund_fee, now.refund_fee - carried.refund_fee),
    ('returned_fee', carried.returned_fee, now.returned_fee, now.returned_fee - carried.returned_fee),
    ('count', 1, 1, case when (carried.amount, carried.refund_fee, carried.returned_fee)
      <> (now.amount, now.refund_fee, now.returned_fee) then 1 else 0 end)
  ) as measure (name, was, now, changed)
  where month.is_after_close
) part
group by part.business_id, part.direction, part.processor, part.currency, part.month, part.is_after_close, part.measure
having bool_or(part.is_shown) or sum(part.findings) <> 0
