-- Marks the rows of refunds that their reversals undo to 0: one refund_id, judged whole (else one row), in one currency.
-- Passes 2 to 5 leave them out the first time (spec section 4).
-- Grain: one row per refund row of such a refund.
with touched as (
  select distinct line.direction, line.processor, line.refund_id, case when line.refund_id is null then line.row_no end as alone
  from work_reversal reversal join work_row line on line.row_no = reversal.belongs_to
),
member as (
  select touched.direction, touched.processor, touched.refund_id, touched.alone, line.row_no
  from touched join work_row line
    on line.direction = touched.direction and line.processor = touched.processor and line.refund_id = touched.refund_id
  union all
  select direction, processor, refund_id, alone, alone from touched where alone is not null
),
money as (
  select member.processor, member.direction, member.refund_id, member.alone, line.currency, line.amount
  from member join work_row line on line.row_no = member.row_no
  union all
  select member.processor, member.direction, member.refund_id, member.alone, reversal.currency, reversal.amount
  from member join work_reversal reversal on reversal.belongs_to = member.row_no
),
undone as (
  select processor, direction, refund_id, alone
  from money
  group by processor, direction, refund_id, alone
  having sum(amount) = 0 and count(distinct currency) = 1
)
update work_row line set undone = true
from undone join member
  on member.processor = undone.processor and member.direction = undone.direction
  and member.refund_id is not distinct from undone.refund_id and member.alone is not distinct from undone.alone
where line.row_no = member.row_no
