-- Before everything is matched anew: takes all matches away, and keeps them aside to say how many changed.
-- Grain: one row per record. $1 business
with taken as (
  delete from match_item stored where stored.business_id = $1::uuid
  returning stored.business_id, stored.match_no, stored.pass, stored.leg_no, stored.row_no
)
insert into match_before (business_id, match_no, pass, leg_no, row_no)
select business_id, match_no, pass, leg_no, row_no from taken
