-- An effect belongs to a finding that is stored.
-- Grain: one row per effect that does not.
select effect.business_id, format('an effect in %s of finding %s, which is not stored', effect.month, effect.discrepancy_id) as wrong
from discrepancy_effect effect
left join discrepancy stored on stored.business_id = effect.business_id and stored.discrepancy_id = effect.discrepancy_id
where stored.discrepancy_id is null
