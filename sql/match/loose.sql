-- The plain case, which is nearly every refund, is a leg and a row that meet nobody else, agree in everything, and whose
-- row nobody reversed, booked against no other payment that is known. Such a pair is what pass 1 gives, and no check has
-- anything to say of it: it is settled. What is no such pair is loose, and goes through the passes and checks. loosen.sql
-- adds what somebody loose has a claim to.
-- Grain: one row per leg and per row. Volume: 1 to 5 of a hundred.
with crowded_leg as (
  select leg_no from meeting where leg_no is not null group by leg_no having count(*) > 1
),
crowded_row as (
  select row_no from meeting where row_no is not null group by row_no having count(*) > 1
),
apart as (
  select leg_no, row_no
  from meeting
  where not agrees
     or leg_no in (select leg_no from crowded_leg)
     or row_no in (select row_no from crowded_row)
     or row_no in (select belongs_to from work_reversal where belongs_to is not null)
  union all
  select leg_no, row_no from misbooked
)
insert into loose_item
select leg_no from apart where leg_no is not null
union
select row_no from apart where row_no is not null
