-- Notes what a person typed in of a month's fees, and that its totals have to be summed again.
-- Grain: one row per amount. $1 business, $2 month, $3 processor, $4 account, $5 currency, $6 amount, or null to take it back, $7 by,
-- $8 at, $9 note
with params as not materialized (
  select $1::uuid as business_id, $2::text as month, $3::text as processor, $4::text as account, $5::text as currency,
    $6::bigint as amount, $7::text as by_name, $8::timestamptz as at, $9::text as note
),
touched as (
  insert into touched_item (business_id, item_no, month_before)
  select params.business_id, 0, to_date(params.month, 'YYYY-MM') from params
  on conflict do nothing
),
gone as (
  delete from fee_amount stored using params
  where stored.business_id = params.business_id and stored.month = params.month and stored.processor = params.processor
    and stored.account = params.account and stored.currency = params.currency and params.amount is null
)
insert into fee_amount (business_id, month, processor, account, currency, amount, by_name, at, note)
select params.business_id, params.month, params.processor, params.account, params.currency, params.amount, params.by_name, params.at, params.note
from params
where params.amount is not null
on conflict (business_id, month, processor, account, currency) do update
set amount = excluded.amount, by_name = excluded.by_name, at = excluded.at, note = excluded.note
