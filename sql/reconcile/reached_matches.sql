-- The stored matches that something new or changed may belong to, by key, one level (spec section 4, "From night to night"),
-- those of open legs that name a matched row, those that hold a changed item, and those that a ruling speaks of.
-- Grain: one row per match. $1 business, $2 new and changed legs, $3 open legs, $4 new and changed rows, $5 rows of undone
-- matches, $6 changed items, $7 legs and $8 rows of rulings
with params as not materialized (select $1::uuid as business_id),
fresh_leg as materialized (
  select leg.leg_no, leg.identity_keys, leg.direction, leg.refund_id, item.is_open
  from params
  cross join (
    select listed.item_no, bool_and(listed.is_open) as is_open
    from (
      select unnest($2::bigint[]) as item_no, false as is_open
      union all
      select unnest($3::bigint[]), true
    ) listed
    group by listed.item_no
  ) item
  join ledger_leg leg on leg.business_id = params.business_id and leg.leg_no = item.item_no
),
fresh_row as materialized (
  select line.row_no, line.processor, line.transaction_id, line.refund_id, line.payment_ids, line.type, line.reference_ids
  from params
  cross join (select unnest($4::bigint[]) as item_no union select unnest($5::bigint[])) item
  join processor_row line on line.business_id = params.business_id and line.row_no = item.item_no
),
named as (select distinct leg_no, key from fresh_leg cross join unnest(identity_keys) as key),
named_fresh as (
  select distinct key from fresh_leg cross join unnest(identity_keys) as key where not is_open
),
row_key as (
  select refund_id as key from fresh_row where refund_id is not null
  union
  select transaction_id from fresh_row
),
reached as (
  -- rows that a leg names
  select matched.match_no
  from params cross join named
  join processor_row line on line.business_id = params.business_id and line.refund_id = named.key
  join match_row matched on matched.business_id = params.business_id and matched.row_no = line.row_no
  union
  select matched.match_no
  from params cross join named
  join processor_row line on line.business_id = params.business_id and line.transaction_id = named.key
  join match_row matched on matched.business_id = params.business_id and matched.row_no = line.row_no
  union
  -- legs that name the same
  select matched.match_no
  from params cross join named_fresh
  join ledger_leg leg on leg.business_id = params.business_id
    and cardinality(leg.identity_keys) > 0 and leg.identity_keys[1] = named_fresh.key
  join match_leg matched on matched.business_id = params.business_id and matched.leg_no = leg.leg_no
  union
  select matched.match_no
  from params cross join named_fresh
  join ledger_leg leg on leg.business_id = params.business_id
    and cardinality(leg.identity_keys) > 1 and leg.identity_keys[2] = named_fresh.key
  join match_leg matched on matched.business_id = params.business_id and matched.leg_no = leg.leg_no
  union
  -- legs that name a new row
  select matched.match_no
  from params cross join row_key
  join ledger_leg leg on leg.business_id = params.business_id
    and cardinality(leg.identity_keys) > 0 and leg.identity_keys[1] = row_key.key
  join match_leg matched on matched.business_id = params.business_id and matched.leg_no = leg.leg_no
  union
  select matched.match_no
  from params cross join row_key
  join ledger_leg leg on leg.business_id = params.business_id
    and cardinality(leg.identity_keys) > 1 and leg.identity_keys[2] = row_key.key
  join match_leg matched on matched.business_id = params.business_id and matched.leg_no = leg.leg_no
  union
  -- rows of the same refund
  select matched.match_no
  from params cross join fresh_row
  join processor_row line on line.business_id = params.business_id and line.refund_id = fresh_row.refund_id
    and line.processor = fresh_row.processor
  join match_row matched on matched.business_id = params.business_id and matched.row_no = line.row_no
  union
  -- the refunds that a reversal without a refund id may undo, and the reversals that a refund may have
  select matched.match_no
  from params cross join (
    select distinct fresh_row.processor, payment_id from fresh_row cross join unnest(fresh_row.payment_ids) as payment_id
    where fresh_row.type = 'refund_reversal' and fresh_row.refund_id is null
  ) asked
  join row_of_payment paid on paid.business_id = params.business_id and paid.payment_id = asked.payment_id
    and paid.processor = asked.processor
  join match_row matched on matched.business_id = params.business_id and matched.row_no = paid.row_no
  union
  -- cancelled refunds that share a key with a new or changed leg
  select matched.match_no
  from params
  join match_item matched on matched.business_id = params.business_id and matched.pass = 'cancelled'
  join processor_row line on line.business_id = params.business_id and line.row_no = matched.row_no
  where exists (
    select from fresh_leg
    left join ledger_refund refund on refund.business_id = params.business_id and refund.direction = fresh_leg.direction
      and refund.refund_id = fresh_leg.refund_id
    where not fresh_leg.is_open
      and (fresh_leg.identity_keys || coalesce(refund.reference_keys, '{}')) && (line.payment_ids || line.reference_ids || line.refund_id || line.transaction_id))
  union
  -- what a person matched: the ruling may be gone
  select matched.match_no
  from params
  join match_item matched on matched.business_id = params.business_id and matched.pass = 'manual'
  union
  -- what changed, or left, and what a ruling speaks of
  select matched.match_no
  from params
  cross join (select unnest($6::bigint[]) as item_no union select unnest($7::bigint[])) item
  join match_item matched on matched.business_id = params.business_id and matched.leg_no = item.item_no
  union
  select matched.match_no
  from params
  cross join (select unnest($6::bigint[]) as item_no union select unnest($8::bigint[])) item
  join match_item matched on matched.business_id = params.business_id and matched.row_no = item.item_no
)
select matched.match_no, min(matched.pass) as pass, bool_and(matched.balanced) as balanced,
  coalesce(array_agg(matched.leg_no order by matched.leg_no) filter (where matched.leg_no is not null), '{}') as leg_nos,
  coalesce(array_agg(matched.row_no order by matched.row_no) filter (where matched.row_no is not null), '{}') as row_nos
from params cross join reached
join match_item matched on matched.business_id = params.business_id and matched.match_no = reached.match_no
group by matched.match_no
order by matched.match_no
