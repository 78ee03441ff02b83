-- Where some findings stand: status, effects as reports show them, the last event but for comments, and the owner.
-- Grain: one row per finding. $1 business, $2 findings
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids)

select found.discrepancy_id, found.code, found.status, found.last_seen_at,
  coalesce(last.event_number, 0) as event_number, last.at, last.actor as by, last.kind, last.from_state as "from", last.to_state as "to",
  last.note, last.details::json ->> 'as' as "as", last.details::json ->> 'due_on' as due_on,
  owned.to_state as owner, owned.details::json ->> 'due_on' as owner_due_on,
  (
    select coalesce(json_agg(json_build_object('month', effect.month, 'processor', effect.processor, 'currency', effect.currency,
        'amount', effect.amount::text, 'refund_fee', effect.refund_fee::text, 'returned_fee', effect.returned_fee::text)
      order by effect.month, effect.processor, effect.currency), '[]')
    from discrepancy_effect effect
    where effect.business_id = params.business_id and effect.discrepancy_id = found.discrepancy_id
      and (business.starts_on is null or effect.month >= to_char(business.starts_on, 'YYYY-MM'))
  ) as effects
from params
join business using (business_id)
join discrepancy found on found.business_id = params.business_id and found.discrepancy_id = any (params.discrepancy_ids)
left join lateral (
  select event.* from event
  where event.business_id = params.business_id and event.subject = found.discrepancy_id and event.kind <> 'commented'
  order by event.event_number desc
  limit 1
) last on true
left join lateral (
  select event.to_state, event.details from event
  where event.business_id = params.business_id and event.subject = found.discrepancy_id and event.kind = 'assigned'
  order by event.event_number desc
  limit 1
) owned on true
