-- Between which runs some legs and rows were matched: the first run after the last of them came in, and the as_of of the first run
-- that found something to say of the match.
-- Grain: one row. $1 business, $2 legs and $3 rows of the match, each ascending
with arrived as materialized (
  select max(item.at) as at
  from (
    select pull.finished_at as at
    from ledger_leg leg
    join ledger_refund refund
      on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
    join pull on pull.business_id = $1::uuid and pull.pull_id = refund.first_pull_id
    where leg.business_id = $1::uuid and leg.leg_no = any ($2::bigint[])
    union all
    select file.imported_at
    from processor_row line
    join processor_file file on file.business_id = $1::uuid and file.file_id = line.file_id
    where line.business_id = $1::uuid and line.row_no = any ($3::bigint[])
  ) item
)
select first.run_id, first.job, first.as_of as not_before,
  (select min(found.first_seen_at) from discrepancy found
   where found.business_id = $1::uuid and found.leg_nos @> $2::bigint[] and found.leg_nos <@ $2::bigint[]
     and found.row_nos @> $3::bigint[] and found.row_nos <@ $3::bigint[]) as not_after
from arrived
left join lateral (
  select run.run_id, run.job, run.as_of from run
  where run.business_id = $1::uuid and run.finished_at >= arrived.at and run.outcome = 'done'
    and run.job not in ('pull', 'import', 'corrections')
  order by run.finished_at, run.run_id
  limit 1
) first on true
