-- The stored matches that something new, changed or opened may belong to by key (spec section 4, "From night to night"); those
-- that hold one of some legs and rows; and all that a person made. What has a reason to be undone, matchesToUndo says.
-- The arrays are unnested: of one that it is given the planner would weigh each element, for a second where there are 40,000.
-- Grain: one row per match. $1 business, $2 ids that rows may bear as refund or transaction id, $3 refund ids of rows, $4 identity
-- keys of legs, $5 payment ids of rows, $6 reference keys of cancelled rows, $7 legs, $8 rows
with line as (
  select stored.row_no from processor_row stored
  where stored.business_id = $1::uuid and stored.refund_id = any (array(select unnest($2::text[] || $3::text[])))
  union
  select stored.row_no from processor_row stored
  where stored.business_id = $1::uuid and stored.transaction_id = any (array(select unnest($2::text[])))
  union
  select stored.row_no from processor_row stored
  where stored.business_id = $1::uuid and cardinality(stored.payment_ids) > 0 and stored.payment_ids[1] = any (array(select unnest($5::text[])))
  union
  select stored.row_no from processor_row stored
  where stored.business_id = $1::uuid and cardinality(stored.payment_ids) > 1 and stored.payment_ids[2] = any (array(select unnest($5::text[])))
  union
  select stored.row_no from processor_row stored cross join unnest(stored.payment_ids[3:]) as key
  where stored.business_id = $1::uuid and cardinality(stored.payment_ids) > 2 and key in (select unnest($5::text[]))
  union
  select cancelled.row_no
  from match_item cancelled
  join processor_row stored on stored.business_id = $1::uuid and stored.row_no = cancelled.row_no
  cross join unnest(stored.payment_ids || stored.reference_ids || stored.refund_id || stored.transaction_id) as own (key)
  join (select distinct unnest($6::text[] || $4::text[]) as key) asked on asked.key = own.key
  where cancelled.business_id = $1::uuid and cancelled.pass = 'cancelled'
  union
  select unnest($8::bigint[])
),
leg as (
  select stored.leg_no from ledger_leg stored
  where stored.business_id = $1::uuid and cardinality(stored.identity_keys) > 0 and stored.identity_keys[1] = any (array(select unnest($4::text[])))
  union
  select stored.leg_no from ledger_leg stored
  where stored.business_id = $1::uuid and cardinality(stored.identity_keys) > 1 and stored.identity_keys[2] = any (array(select unnest($4::text[])))
  union
  select unnest($7::bigint[])
),
reached as (
  select matched.match_no from match_item matched
  where matched.business_id = $1::uuid and matched.row_no = any (array(select line.row_no from line))
  union
  select matched.match_no from match_item matched
  where matched.business_id = $1::uuid and matched.leg_no = any (array(select leg.leg_no from leg))
  union
  select matched.match_no from match_item matched where matched.business_id = $1::uuid and matched.pass = 'manual'
)
select matched.match_no, min(matched.pass) as pass,
  coalesce(array_agg(matched.leg_no order by matched.leg_no) filter (where matched.leg_no is not null), '{}') as leg_nos,
  coalesce(array_agg(matched.row_no order by matched.row_no) filter (where matched.row_no is not null), '{}') as row_nos
from match_item matched
where matched.business_id = $1::uuid and matched.match_no = any (array(select reached.match_no from reached))
group by matched.match_no
order by matched.match_no
