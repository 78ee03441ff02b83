-- The reversals without a refund_id take the refund that the rounds left them.
-- Grain: one row per reversal.
with accepted as (
  select distinct on (asker) asker, target from candidate order by asker, target_turn
)
update work_reversal reversal set belongs_to = accepted.target
from accepted where accepted.asker = reversal.row_no
