-- The roll-forward of open months (spec section 7), over the effects of open and acknowledged findings. The opening is what was
-- open at the end of the month before: after a closed month what was signed then, finding by finding, of which each is still
-- open, perhaps with another amount (changed), or resolved, or not found any more (cleared). new: all else in the closing.
-- Of the measure count, changed says how many findings changed; opening + new - cleared - resolved = closing.
-- Grain: one row per direction, processor, currency, open month and measure with an effect up to the month or a tie-out line in it.
select found.business_id, found.direction, found.processor, found.currency, found.month, found.is_after_close, measure.name as measure,
  sum(case when found.was_open then measure.was else 0 end) as opening,
  sum(case when found.is_open then measure.own + case when found.was_open then 0 else measure.before end else 0 end) as new,
  sum(case when found.was_open and not found.is_open and not found.is_resolved then measure.was else 0 end) as cleared,
  sum(case when found.was_open and not found.is_open and found.is_resolved then measure.was else 0 end) as resolved,
  sum(case when found.was_open and found.is_open then measure.changed else 0 end) as changed,
  sum(case when found.is_open then measure.before + measure.own else 0 end) as closing
from (
  -- per finding: was_*: at the end of the month before; before_*: today, of the months before; own_*: of the month
  select part.business_id, part.direction, part.processor, part.currency, part.month, part.is_after_close, part.discrepancy_id,
    bool_or(part.was_open) as was_open, bool_or(part.is_open) as is_open, bool_or(part.is_resolved) as is_resolved,
    coalesce(sum(part.amount) filter (where part.was_open), 0) as was_amount,
    coalesce(sum(part.refund_fee) filter (where part.was_open), 0) as was_refund_fee,
    coalesce(sum(part.returned_fee) filter (where part.was_open), 0) as was_returned_fee,
    coalesce(sum(part.amount) filter (where part.is_open and part.is_before), 0) as before_amount,
    coalesce(sum(part.refund_fee) filter (where part.is_open and part.is_before), 0) as before_refund_fee,
    coalesce(sum(part.returned_fee) filter (where part.is_open and part.is_before), 0) as before_returned_fee,
    coalesce(sum(part.amount) filter (where part.is_open and not part.is_before), 0) as own_amount,
    coalesce(sum(part.refund_fee) filter (where part.is_open and not part.is_before), 0) as own_refund_fee,
    coalesce(sum(part.returned_fee) filter (where part.is_open and not part.is_before), 0) as own_returned_fee
  from (
    select month.business_id, stored.direction, effect.processor, effect.currency, month.month, month.is_after_close,
      stored.discrepancy_id, not month.is_after_close and effect.month < month.month as was_open, true as is_open,
      false as is_resolved, effect.month < month.month as is_before, effect.amount, effect.refund_fee, effect.returned_fee
    from open_month month
    join business on business.business_id = month.business_id
    join discrepancy stored on stored.business_id = month.business_id and stored.status in ('open', 'acknowledged')
    join discrepancy_effect effect
      on effect.business_id = stored.business_id and effect.discrepancy_id = stored.discrepancy_id and effect.month <= month.month
    where business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM')
    union all
    select month.business_id, carried.direction, carried.processor, carried.currency, month.month, true, carried.discrepancy_id,
      true, false, coalesce(stored.status = 'resolved', false), true, carried.amount, carried.refund_fee, carried.returned_fee
    from open_month month
    join carried_finding carried on carried.business_id = month.business_id
    left join discrepancy stored
      on stored.business_id = month.business_id and stored.discrepancy_id = carried.discrepancy_id
    where month.is_after_close
    union all
    select line.business_id, line.direction, line.processor, line.currency, line.month, month.is_after_close, null, false, false, false,
      false, 0, 0, 0
    from open_month month
    join tie_out_line line on line.business_id = month.business_id and line.month = month.month and line.measure = 'amount'
  ) part
  group by part.business_id, part.direction, part.processor, part.currency, part.month, part.is_after_close, part.discrepancy_id
) found
cross join lateral (values
  ('amount', found.was_amount, found.before_amount, found.own_amount, found.before_amount - found.was_amount),
  ('refund_fee', found.was_refund_fee, found.before_refund_fee, found.own_refund_fee, found.before_refund_fee - found.was_refund_fee),
  ('returned_fee', found.was_returned_fee, found.before_returned_fee, found.own_returned_fee, found.before_returned_fee - found.was_returned_fee),
  ('count', 1, 1, 0, case when (found.was_amount, found.was_refund_fee, found.was_returned_fee)
    <> (found.before_amount, found.before_refund_fee, found.before_returned_fee) then 1 else 0 end)
) as measure (name, was, before, own, changed)
group by found.business_id, found.direction, found.processor, found.currency, found.month, found.is_after_close, measure.name
