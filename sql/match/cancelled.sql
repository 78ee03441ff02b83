-- Pass cancelled: what is left alone of one refund (one refund_id of one processor, else one row) and is undone to 0 in
-- one currency by its reversals is a match without legs.
-- Grain: one row per refund row of such a refund.
with reversed as (
  select distinct line.direction, line.processor, line.refund_id, case when line.refund_id is null then line.row_no end as alone
  from work_reversal reversal join work_row line on line.row_no = reversal.belongs_to
),
member as (
  select reversed.direction, reversed.processor, reversed.refund_id, reversed.alone, line.row_no
  from reversed join work_row line
    on line.direction = reversed.direction and line.processor = reversed.processor and line.refund_id = reversed.refund_id
  union all
  select direction, processor, refund_id, alone, alone from reversed where alone is not null
),
left_over as (
  select member.* from member
  where not exists (select from taken_row taken where taken.row_no = member.row_no)
    and not exists (select from ambiguous_item item where item.side = 'row' and item.item_no = member.row_no)
),
money as (
  select left_over.direction, left_over.processor, left_over.refund_id, left_over.alone, line.currency, line.amount, false as reversal
  from left_over join work_row line on line.row_no = left_over.row_no
  union all
  select left_over.direction, left_over.processor, left_over.refund_id, left_over.alone, reversal.currency, reversal.amount, true
  from left_over join work_reversal reversal on reversal.belongs_to = left_over.row_no
),
undone as (
  select direction, processor, refund_id, alone
  from money
  group by direction, processor, refund_id, alone
  having sum(amount) = 0 and count(distinct currency) = 1 and bool_or(reversal)
)
insert into taken_row
select left_over.row_no,
  first_value(left_over.row_no) over (
    partition by undone.direction, undone.processor, undone.refund_id, undone.alone
    order by line.on_date, line.transaction_id, line.account, line.row_no),
  'cancelled'
from undone
join left_over
  on left_over.direction = undone.direction and left_over.processor = undone.processor
  and left_over.refund_id is not distinct from undone.refund_id and left_over.alone is not distinct from undone.alone
join work_row line on line.row_no = left_over.row_no
