-- One round of deferred acceptance: every asker asks for the first target left to it, a target keeps the earliest
-- asker, the others lose that target. When nobody loses any more, the first target left to each asker is what
-- "asker by asker in order, the first that is not taken" gives.
-- Grain: one row per asker and target, deleted where refused. A few rounds, since nearly every asker has one target.
with asked as (
  select distinct on (asker) asker, target, asker_turn from candidate order by asker, target_turn
),
kept as (
  select distinct on (target) target, asker from asked order by target, asker_turn
)
delete from candidate
using asked
where candidate.asker = asked.asker and candidate.target = asked.target
  and not exists (select from kept where kept.target = asked.target and kept.asker = asked.asker)
