-- FEES_NOT_COMPARED: fees that differ and that the fee policy does not compare: of months under `none`; of months under
-- `month` that are not over or have no fee lines; and of matches that stand partly under `per_refund` and partly not, their
-- fees under `per_refund`, unless a finding carries the match as a whole.
-- Grain: one finding per direction, processor, currency and month.
select apart.business_id, 'FEES_NOT_COMPARED' as code, apart.direction, apart.processor, apart.currency, apart.month,
  null::text as measure, '{}'::bigint[] as leg_nos, '{}'::bigint[] as row_nos, null::json as differs,
  sum(apart.refund_fee) as refund_fee, sum(apart.returned_fee) as returned_fee
from (
  select line.business_id, line.direction, line.processor, line.currency, line.month,
    case line.measure when 'refund_fee' then line.difference else 0 end as refund_fee,
    case line.measure when 'returned_fee' then line.difference else 0 end as returned_fee
  from fee_total line
  where not line.is_compared
  union all
  select part.business_id, part.direction, part.processor, part.currency, part.month,
    case when judged.refund_fee_compared then 0 else coalesce(part.refund_fee, 0) end,
    case when judged.returned_fee_compared then 0 else coalesce(part.returned_fee, 0) end
  from match_judged judged
  join match_part part on part.business_id = judged.business_id and part.match_no = judged.match_no
  join business on business.business_id = judged.business_id
  where judged.is_mixed and not judged.is_failed and not judged.is_foreign and not judged.is_elsewhere
    and (business.starts_on is null or to_date(part.month, 'YYYY-MM') >= business.starts_on)
) apart
group by apart.business_id, apart.direction, apart.processor, apart.currency, apart.month
having sum(apart.refund_fee) <> 0 or sum(apart.returned_fee) <> 0
