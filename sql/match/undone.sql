-- Marks the rows of refunds that their reversals undo to 0: one refund_id, judged whole (else one row), in one currency.
-- Passes 2 to 5 leave them out the first time (spec section 4).
-- Grain: one row per refund row of such a refund.
with touched as (
  select distinct line.direction, line.processor, line.refund_id, case when line.refund_id is null then line.row_no end as alone
  from work_reversal reversal join work_row line on line.row_no = reversal.belongs_to
),
-- a number for each: joined by four columns of which one is null, it would be compared with all others
refund as (select row_number() over () as refund_no, touched.* from touched),
member as (
  select refund.refund_no, line.row_no
  from refund join work_row line
    on line.direction = refund.direction and line.processor = refund.processor and line.refund_id = refund.refund_id
  union all
  select refund_no, alone from refund where alone is not null
),
money as (
  select member.refund_no, line.currency, line.amount
  from member join work_row line on line.row_no = member.row_no
  union all
  select member.refund_no, reversal.currency, reversal.amount
  from member join work_reversal reversal on reversal.belongs_to = member.row_no
),
undone as (
  select refund_no
  from money
  group by refund_no
  having sum(amount) = 0 and count(distinct currency) = 1
)
update work_row line set undone = true
from undone join member on member.refund_no = undone.refund_no
where line.row_no = member.row_no
