-- The matches in another currency that a rate explains (CURRENCY_CONVERTED): each row in another currency, reversals aside,
-- has a rate; legs and rows so converted differ by at most the business's tolerance.
-- Grain: one row per match.
select judged.business_id, judged.match_no
from match_judged judged
join business on business.business_id = judged.business_id
cross join lateral (
  select sum(case when line.currency = business.currency then line.amount else rate.amount end) as amount,
    bool_and(line.currency = business.currency or rate.row_no is not null)
      and bool_or(line.currency <> business.currency) as has_rates
  from match_row matched
  join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  left join row_rate rate on rate.business_id = matched.business_id and rate.row_no = matched.row_no
  where matched.business_id = judged.business_id and matched.match_no = judged.match_no and not matched.balanced
    and line.type <> 'refund_reversal'
) converted
where judged.is_foreign and converted.has_rates
  and abs(judged.leg_amount - converted.amount) * 10000 <= business.rate_tolerance_bp * judged.leg_amount
