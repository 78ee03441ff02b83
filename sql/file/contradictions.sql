-- Turns lines into conflicts that would add another refund id or presented amount to a stored row than an earlier line of
-- this file adds: the first one counts.
-- Grain: one row per line turned into a conflict.
with said as (
  select
    staged.transaction_id,
    (array_agg(staged.refund_id order by staged.line) filter (where staged.refund_id is not null))[1] as refund_id,
    (array_agg(staged.presented_amount order by staged.line)
      filter (where staged.presented_amount is not null))[1] as presented_amount,
    (array_agg(staged.presented_currency order by staged.line)
      filter (where staged.presented_currency is not null))[1] as presented_currency
  from differing_line as differing
  join staged_line as staged on staged.line = differing.line and staged.transaction_id = differing.transaction_id
  where not differing.is_conflict
  group by staged.transaction_id
  having count(*) > 1
)

update differing_line as differing
set is_conflict = true
from said
join staged_line as staged using (transaction_id)
where differing.line = staged.line and differing.transaction_id = staged.transaction_id
  and not differing.is_conflict
  and (staged.refund_id <> said.refund_id
    or staged.presented_amount <> said.presented_amount
    or staged.presented_currency <> said.presented_currency)
