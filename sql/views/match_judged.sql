-- The matches that may need a finding, with what the checks ask: totals (legs less rows), whether a measure falls into
-- different months, and which larger fault they have. A fee is compared only where all items stand under per_refund.
-- Grain: one row per match that is not balanced and not wholly dated before the business's start.
select judged.business_id, judged.match_no, judged.pass, judged.direction, judged.leg_nos, judged.row_nos,
  judged.row_processor as processor, judged.leg_amount,
  part.amount, part.refund_fee, part.returned_fee, part.amount_moved,
  part.refund_fees_apart = 0 as refund_fee_compared, part.returned_fees_apart = 0 as returned_fee_compared,
  part.refund_fees_apart > 0 and part.refund_fees_compared > 0 or part.returned_fees_apart > 0 and part.returned_fees_compared > 0 as is_mixed,
  part.refund_fee_moved, part.returned_fee_moved,
  judged.leg_nos <> '{}' and judged.has_reversal as is_failed,
  judged.leg_nos <> '{}' and judged.has_foreign_row as is_foreign,
  judged.pass = 'refund_id' and judged.leg_elsewhere as is_elsewhere,
  judged.last_on, coalesce(setting.amount_tolerance, 0) as amount_tolerance, coalesce(setting.fee_tolerance, 0) as fee_tolerance
from (
  select item.business_id, item.match_no, min(item.pass) as pass, min(item.direction) as direction,
    coalesce(array_agg(item.leg_no order by item.on_date, item.id collate "C", item.owner collate "C") filter (where item.leg_no is not null), '{}') as leg_nos,
    coalesce(array_agg(item.row_no order by item.on_date, item.id collate "C", item.owner collate "C") filter (where item.row_no is not null), '{}') as row_nos,
    min(item.processor) filter (where item.row_no is not null) as row_processor,
    coalesce(sum(item.amount) filter (where item.leg_no is not null), 0) as leg_amount,
    coalesce(bool_or(item.is_reversal), false) as has_reversal,
    coalesce(bool_or(item.currency <> business.currency), false) as has_foreign_row,
    coalesce(min(item.processor) <> max(item.processor), false) as leg_elsewhere,
    max(item.on_date) as last_on, business.starts_on
  from (
    select matched.business_id, matched.match_no, matched.pass, leg.direction, leg.leg_no, null::bigint as row_no, leg.processor,
      leg.currency, leg.amount, leg.on_date, leg.leg_id as id, leg.refund_id as owner, false as is_reversal
    from match_leg matched
    join leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
    where not matched.balanced
    union all
    select matched.business_id, matched.match_no, matched.pass, line.direction, null, line.row_no, line.processor,
      line.currency, line.amount, line.on_date, line.transaction_id, line.account, line.is_reversal
    from match_row matched
    join refund_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
    where not matched.balanced
  ) item
  join business on business.business_id = item.business_id
  group by item.business_id, item.match_no, business.starts_on
) judged
join (
  select business_id, match_no, sum(amount) as amount, coalesce(sum(refund_fee), 0) as refund_fee,
    coalesce(sum(returned_fee), 0) as returned_fee, bool_or(amount <> 0) as amount_moved,
    coalesce(bool_or(refund_fee <> 0), false) as refund_fee_moved,
    coalesce(bool_or(returned_fee <> 0), false) as returned_fee_moved,
    sum(refund_fees_compared) as refund_fees_compared, sum(refund_fees_apart) as refund_fees_apart,
    sum(returned_fees_compared) as returned_fees_compared, sum(returned_fees_apart) as returned_fees_apart
  from match_part
  group by business_id, match_no
) part on part.business_id = judged.business_id and part.match_no = judged.match_no
left join processor_setting setting on setting.business_id = judged.business_id and setting.processor = judged.row_processor
where judged.starts_on is null or judged.last_on >= judged.starts_on
