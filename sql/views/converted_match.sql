-- The matches in another currency that a rate explains (CURRENCY_CONVERTED): each row in another currency, reversals aside,
-- has a rate to the business's currency of its date or the latest of the seven days before, of one date the direct one;
-- converted and rounded half away from zero, legs and rows differ by at most the business's tolerance.
-- Grain: one row per match.
select judged.business_id, judged.match_no
from match_judged judged
join business on business.business_id = judged.business_id
cross join lateral (
  select sum(case when line.currency = business.currency then line.amount else round(line.amount * rate.minor_rate) end) as amount,
    bool_and(line.currency = business.currency or rate.minor_rate is not null) as has_rates
  from unnest(judged.row_nos) as listed (row_no)
  join processor_row line on line.business_id = judged.business_id and line.row_no = listed.row_no
  left join lateral (
    select quoted.minor_rate
    from (
      select direct.dated_on, 1 as rank, direct.minor_rate
      from exchange_rate direct
      where direct.business_id = line.business_id and direct.from_currency = line.currency
        and direct.to_currency = business.currency and direct.dated_on between line.occurred_on - 7 and line.occurred_on
      union all
      select inverse.dated_on, 2, 1 / inverse.minor_rate
      from exchange_rate inverse
      where inverse.business_id = line.business_id and inverse.from_currency = business.currency
        and inverse.to_currency = line.currency and inverse.dated_on between line.occurred_on - 7 and line.occurred_on
    ) quoted
    order by quoted.dated_on desc, quoted.rank
    limit 1
  ) rate on true
  where line.type <> 'refund_reversal'
) converted
where judged.is_foreign and converted.has_rates
  and abs(judged.leg_amount - converted.amount) * 10000 <= business.rate_tolerance_bp * judged.leg_amount
