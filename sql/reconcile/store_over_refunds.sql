-- Stores which rows hang together and may refund more than was paid, in place of those found before.
-- Grain: one row per group. $1 business, $2 JSON: [{direction, processor, currency, payment_nos, row_nos}]
with params as not materialized (select $1::uuid as business_id, $2::jsonb as groups),
found as materialized (
  select params.business_id, linked.*
  from params cross join jsonb_to_recordset(params.groups)
    as linked (direction text, processor text, currency text, payment_nos bigint[], row_nos bigint[])
),
gone as (
  delete from over_refund stored using params
  where stored.business_id = params.business_id
    and not exists (
      select from found where found.direction = stored.direction and found.payment_nos = stored.payment_nos)
)
insert into over_refund as stored (business_id, direction, processor, currency, payment_nos, row_nos)
select business_id, direction, processor, currency, payment_nos, row_nos from found
on conflict (business_id, direction, payment_nos) do update set row_nos = excluded.row_nos
where stored.row_nos is distinct from excluded.row_nos
