-- The keys by which to look up what some legs and rows belong to.
-- Grain: one row, with distinct keys. $1 business, $2 new and changed legs, $3 open legs, $4 new and changed rows and those of undone matches
with fresh_leg as materialized (
  select leg.direction, leg.refund_id, leg.identity_keys
  from (select distinct unnest($2::bigint[]) as leg_no) item
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no
),
open_leg as materialized (
  select leg.identity_keys
  from (select distinct unnest($3::bigint[]) as leg_no) item
  join ledger_leg leg on leg.business_id = $1::uuid and leg.leg_no = item.leg_no
),
line as materialized (
  select stored.type, stored.refund_id, stored.transaction_id, stored.payment_ids
  from (select distinct unnest($4::bigint[]) as row_no) item
  join processor_row stored on stored.business_id = $1::uuid and stored.row_no = item.row_no
)
select
  array(
    select unnest(fresh_leg.identity_keys) from fresh_leg
    union
    select unnest(open_leg.identity_keys) from open_leg
  ) as named,
  array(select distinct unnest(fresh_leg.identity_keys) from fresh_leg) as fresh_named,
  array(
    select distinct unnest(refund.reference_keys)
    from fresh_leg
    join ledger_refund refund
      on refund.business_id = $1::uuid and refund.direction = fresh_leg.direction and refund.refund_id = fresh_leg.refund_id
  ) as fresh_references,
  array(select distinct line.refund_id from line where line.refund_id is not null) as refund_ids,
  array(
    select line.refund_id from line where line.refund_id is not null
    union
    select line.transaction_id from line
  ) as row_ids,
  array(
    select distinct unnest(line.payment_ids) from line where line.type = 'refund_reversal' and line.refund_id is null
  ) as reversed_payment_ids
