-- Pass cancelled: what is left alone of one refund (one refund_id of one processor, else one row) and is undone to 0 in
-- one currency by its reversals is a match without legs.
-- Grain: one row per refund row of such a refund.
with reversed as (
  select distinct line.direction, line.processor, line.refund_id, case when line.refund_id is null then line.row_no end as alone
  from work_reversal reversal join work_row line on line.row_no = reversal.belongs_to
),
-- a number for each: joined by four columns of which one is null, it would be compared with all others
refund as (select row_number() over () as refund_no, reversed.* from reversed),
member as (
  select refund.refund_no, line.row_no
  from refund join work_row line
    on line.direction = refund.direction and line.processor = refund.processor and line.refund_id = refund.refund_id
  union all
  select refund_no, alone from refund where alone is not null
),
left_over as (
  select member.* from member
  where not exists (select from taken_row taken where taken.row_no = member.row_no)
    and not exists (select from ambiguous_item item where item.side = 'row' and item.item_no = member.row_no)
),
money as (
  select left_over.refund_no, line.currency, line.amount, false as reversal
  from left_over join work_row line on line.row_no = left_over.row_no
  union all
  select left_over.refund_no, reversal.currency, reversal.amount, true
  from left_over join work_reversal reversal on reversal.belongs_to = left_over.row_no
),
undone as (
  select refund_no
  from money
  group by refund_no
  having sum(amount) = 0 and count(distinct currency) = 1 and bool_or(reversal)
)
insert into taken_row
select left_over.row_no,
  first_value(left_over.row_no) over (
    partition by undone.refund_no
    order by line.on_date, line.transaction_id, line.account, line.row_no),
  'cancelled'
from undone
join left_over on left_over.refund_no = undone.refund_no
join work_row line on line.row_no = left_over.row_no
