-- The allocations of all stored refunds of a direction, removed ones included, that bear one of the keys: they name what
-- was refunded by Layer's own ids. Reads every refund of the direction once (a second per million).
-- Grain: one row per allocation and key that it bears; names are Layer's. key: without a leading #; written: as in Layer.
with params as not materialized (
  select $1::uuid as business_id, $2::text as direction, $3::text[] as keys
),
naming as (
  select distinct stored.refund_id, stored.content_pull_id, stored.content_place, stored.removed_pull_id is null as is_standing
  from params
  join ledger_refund stored on stored.business_id = params.business_id and stored.direction = params.direction
  cross join unnest(stored.reference_keys) as own (key)
  join unnest(params.keys) as wanted (key) on wanted.key = own.key
),
refund as (
  select naming.refund_id, naming.is_standing, version.raw::json as raw
  from params
  cross join naming
  join ledger_refund_version version on version.business_id = params.business_id
    and version.pull_id = naming.content_pull_id and version.place = naming.content_place
),
allocation as (
  select refund.refund_id, refund.is_standing, item.value as given
  from refund
  cross join json_array_elements(
    case when json_typeof(refund.raw -> 'allocations') = 'array' then refund.raw -> 'allocations' else '[]' end) as item
)
select distinct allocation.refund_id, allocation.is_standing, named.key, named.written, named.field,
  (allocation.given ->> 'amount')::numeric::bigint as amount, allocation.given ->> 'id' as allocation_id,
  allocation.given ->> 'invoice_id' as invoice_id,
  allocation.given ->> 'bill_id' as bill_id, allocation.given ->> 'bill_payment_id' as bill_payment_id
from params
cross join allocation
cross join lateral (
  select field, btrim(allocation.given ->> field) as written,
    btrim(regexp_replace(btrim(allocation.given ->> field), '^#', '')) as key
  from unnest(array['invoice_payment_external_id', 'invoice_external_id', 'bill_payment_external_id', 'bill_external_id'])
    as field
) as named
where named.key = any (params.keys)
order by allocation.refund_id, allocation_id, named.field, named.key
