-- MISSING_IN_LEDGER: an unmatched row, where the last complete pull of its direction is dated at least its date + ledger_lag_days.
-- Grain: one finding per row.
select line.business_id, 'MISSING_IN_LEDGER' as code, line.direction, null::text as refund_id, '{}'::bigint[] as leg_nos,
  array[line.row_no] as row_nos, true as carries_amount, true as carries_refund_fee, true as carries_returned_fee,
  null::date as due_on
from open_row line
join business on business.business_id = line.business_id
left join last_pull on last_pull.business_id = line.business_id and last_pull.direction = line.direction
where line.state = 'unmatched' and (business.starts_on is null or line.on_date >= business.starts_on)
  and coalesce(last_pull.dated_on >= line.on_date + business.ledger_lag_days, false)
