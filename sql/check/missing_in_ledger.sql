-- MISSING_IN_LEDGER, or AWAITING_LEDGER while it is young: a refund, vendor refund or reversal of a processor that no
-- leg was matched with. It is an error when the last complete pull of its direction, not later than this run, is dated
-- at least its date + ledger_lag_days; before that it is waited for until that date.
-- Grain: one finding per unmatched row. Cannot see: refunds the ledger holds in quarantine.
with params as not materialized (select $1::uuid as business_id, $2::timestamptz as as_of),
last_pull as (
  select pull.direction, max((pull.as_of at time zone business.time_zone)::date) as dated_on
  from params
  join business on business.business_id = params.business_id
  join pull on pull.business_id = params.business_id and pull.complete and pull.as_of <= params.as_of
  group by pull.direction
),
item as (
  select row_no, direction, on_date from work_row
  union all
  select row_no, direction, on_date from work_reversal
),
unmatched as (
  select item.row_no, item.direction, item.on_date + business.ledger_lag_days as due_on,
    coalesce(last_pull.dated_on >= item.on_date + business.ledger_lag_days, false) as missing
  from params
  join business on business.business_id = params.business_id
  cross join item
  left join last_pull on last_pull.direction = item.direction
  where not exists (select from taken_row taken where taken.row_no = item.row_no)
    and not exists (select from ambiguous_item other where other.side = 'row' and other.item_no = item.row_no)
)
insert into finding (code, direction, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee, due_on)
select
  case when missing then 'MISSING_IN_LEDGER' else 'AWAITING_LEDGER' end, direction, '{}', array[row_no], true, true, true,
  case when not missing then due_on end
from unmatched
order by row_no
