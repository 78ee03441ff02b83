-- The plain case, which is nearly every refund: a leg whose one identity key is the refund_id of one row of its own
-- processor, where the two agree in everything (agreeing_pairs.sql) and nobody reversed the row. Such a pair is what pass 1
-- gives, and no check has anything to say of it; so it is set apart here, and the passes and checks look at the rest.
-- unsettle.sql takes back the pairs that somebody else has a claim to.
-- Grain: one row per settled pair. Volume: 95 to 99 of a hundred legs.
with row_once as (
  select row_no, min(leg_no) as leg_no, bool_and(agrees) as agrees from agreeing_pair group by row_no having count(*) = 1
),
leg_once as (select leg_no from agreeing_pair group by leg_no having count(*) = 1)
insert into settled_pair
select row_once.leg_no, row_once.row_no
from row_once join leg_once on leg_once.leg_no = row_once.leg_no
where row_once.agrees
  and not exists (select from work_reversal reversal where reversal.belongs_to = row_once.row_no)
