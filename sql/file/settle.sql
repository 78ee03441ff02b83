-- Settles conflicts of earlier files: this file has their line without a conflict with the row that stands.
-- Grain: one row per conflict settled.
-- $1 business, $2 processor, $3 account, $4 file
with params as not materialized (
  select $1::uuid as business_id, $2::text as processor, $3::text as account, $4::bigint as file_id
)

update quarantine as earlier
set state = 'settled', settled_file_id = params.file_id
from params
where earlier.business_id = params.business_id and earlier.processor = params.processor
  and earlier.account = params.account and earlier.kind = 'conflict' and earlier.state = 'open'
  and earlier.file_id <> params.file_id
  and exists (
    select
    from staged_line as staged
    where staged.transaction_id = earlier.item_id
      and not exists (
        select
        from differing_line as differing
        where differing.is_conflict and differing.line = staged.line
          and differing.transaction_id = staged.transaction_id))
