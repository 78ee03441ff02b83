-- Takes back the settled pairs whose row another leg has a claim to: one that is not settled and has the row's refund_id
-- or transaction_id as an identity key. Called again until nothing is taken back.
-- Grain: one row per settled pair, deleted.
with params as (select $1::uuid as business_id),
claim as (
  select distinct key
  from params
  join ledger_leg leg on leg.business_id = params.business_id and leg.active
  cross join unnest(leg.identity_keys) as key
  where not exists (select from settled_pair pair where pair.leg_no = leg.leg_no)
),
claimed as (
  select line.row_no
  from params join processor_row line on line.business_id = params.business_id
  where line.type in ('refund', 'vendor_refund')
    and (line.refund_id in (select key from claim) or line.transaction_id in (select key from claim))
)
delete from settled_pair pair using claimed where claimed.row_no = pair.row_no
