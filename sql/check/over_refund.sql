-- OVER_REFUND: rows of one processor, currency and direction that hang together by payment ids, where refunds less
-- reversals, plus chargebacks less theirs, exceed the payments. Where every row has a presented amount in one currency,
-- those are summed instead. Which rows hang together the run has found (table over_refund).
-- Grain: one finding per group, without effect.
select linked.business_id, 'OVER_REFUND' as code, linked.direction, null::text as refund_id, '{}'::bigint[] as leg_nos,
  linked.row_nos, false as carries_amount, false as carries_refund_fee, false as carries_returned_fee, null::date as due_on
from over_refund linked
join business on business.business_id = linked.business_id
cross join lateral (
  select sum(case when is_presented then line.presented_amount else line.amount end) filter (where line.type = 'payment') as paid,
    sum(case when is_presented then line.presented_amount else line.amount end) filter (where line.type <> 'payment') as given_back,
    bool_or(line.type in ('refund', 'vendor_refund')) as has_refund, max(line.occurred_on) as last_on
  from (
    select stored.*,
      count(stored.presented_amount) over () = count(*) over ()
        and min(stored.presented_currency) over () = max(stored.presented_currency) over () as is_presented
    from unnest(linked.row_nos) as listed (row_no)
    join processor_row stored on stored.business_id = linked.business_id and stored.row_no = listed.row_no
    where stored.active
  ) line
) total
where total.has_refund and total.given_back > total.paid
  and (business.starts_on is null or total.last_on >= business.starts_on)
