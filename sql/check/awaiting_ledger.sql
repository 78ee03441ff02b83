-- AWAITING_LEDGER: an unmatched row that is younger than that: the ledger may still book it. No date where the last pull may be cut off.
-- Grain: one finding per row.
select line.business_id, 'AWAITING_LEDGER' as code, line.direction, null::text as refund_id, '{}'::bigint[] as leg_nos,
  array[line.row_no] as row_nos, true as carries_amount, true as carries_refund_fee, true as carries_returned_fee,
  case when not coalesce(last_pull.maybe_cut, false) then line.on_date + business.ledger_lag_days end as due_on
from open_row line
join business on business.business_id = line.business_id
left join last_pull on last_pull.business_id = line.business_id and last_pull.direction = line.direction
where line.state = 'unmatched' and (business.starts_on is null or line.on_date >= business.starts_on)
  and not coalesce(last_pull.dated_on >= line.on_date + business.ledger_lag_days, false)
