-- Settles the quiet matches of this run, with the keys by which they are woken, and counts them.
-- Grain: one row per match.
with params as not materialized (select $1::uuid as business_id),
named as (
  select quiet.leg_no, named.key
  from params
  cross join quiet_match quiet
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = quiet.leg_no
  join ledger_refund refund
    on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  join processor_row line on line.business_id = params.business_id and line.row_no = quiet.row_no
  cross join unnest(
    leg.identity_keys || refund.reference_keys || line.payment_ids || line.reference_ids
    || array[line.transaction_id, line.refund_id]) as named (key)
  where named.key is not null
),
keys as (
  insert into settled_key (business_id, key, leg_no)
  select distinct params.business_id, named.key, named.leg_no
  from params cross join named
  order by named.key, named.leg_no
),
totals as (
  insert into settled_total (business_id, direction, processor, pass, pairs, amount)
  select params.business_id, quiet.direction, quiet.processor, quiet.pass, count(*), sum(quiet.amount)
  from params cross join quiet_match quiet
  group by params.business_id, quiet.direction, quiet.processor, quiet.pass
  on conflict (business_id, direction, processor, pass) do update
  set pairs = settled_total.pairs + excluded.pairs, amount = settled_total.amount + excluded.amount
)
insert into settled_match (business_id, leg_no, row_no, direction, processor, pass, amount, leg_on, row_on)
select params.business_id, quiet.leg_no, quiet.row_no, quiet.direction, quiet.processor, quiet.pass, quiet.amount,
  quiet.leg_on, quiet.row_on
from params cross join quiet_match quiet
order by quiet.leg_no
