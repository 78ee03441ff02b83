-- Pass 2, payment_reference: the legs take the row that the rounds left them.
-- Grain: one row per leg.
with accepted as (
  select distinct on (asker) asker, target from candidate order by asker, target_turn
),
legs as (insert into taken_leg select asker, asker, 'payment_reference' from accepted)
insert into taken_row select target, asker, 'payment_reference' from accepted
