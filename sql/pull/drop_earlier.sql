-- Of one refund twice in a listing the later stands: drops the earlier ones, with their legs. A quarantined refund
-- takes no part: it neither replaces another nor is replaced.
-- Grain: one row per refund dropped.
with standing as (
  select refund_id, max(place) as place
  from pull_refund
  where kind in ('refund', 'known')
  group by refund_id
  having count(*) > 1
),
legs as (
  delete from pull_leg leg
  using standing
  where leg.refund_id = standing.refund_id and leg.place < standing.place
)

delete from pull_refund staged
using standing
where staged.refund_id = standing.refund_id
  and staged.place < standing.place
  and staged.kind <> 'quarantine'
