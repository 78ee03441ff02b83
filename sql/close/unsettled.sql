-- Whether something is stored that the last reconciliation did not look at.
-- Grain: one row. $1 business
with params as not materialized (select $1::uuid as business_id)

select last.business_id is not null as is_reconciled,
  exists (select from ledger_leg leg where leg.business_id = params.business_id and leg.leg_no > last.item_mark)
  or exists (select from processor_row line where line.business_id = params.business_id and line.row_no > last.item_mark)
  or exists (select from touched_item touched where touched.business_id = params.business_id)
  or exists (select from pull where pull.business_id = params.business_id and pull.finished_at > last.finished_at)
  or exists (select from processor_file file where file.business_id = params.business_id and file.imported_at > last.finished_at) as is_unsettled
from params
left join reconciliation last on last.business_id = params.business_id
