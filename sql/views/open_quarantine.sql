-- The quarantined records that count: not yet decided of; refunds of the last pull of their direction; lines of files that
-- were not withdrawn, but for an unreadable line whose row has since come in with another file.
-- Grain: one row per record.
select item.business_id, item.quarantine_id, item.pull_id, item.file_id, item.source, item.kind, item.dated_on
from quarantine item
left join (
  select pull.business_id, pull.direction, max(pull.pull_id) as pull_id
  from pull
  group by pull.business_id, pull.direction
) last on last.business_id = item.business_id and last.pull_id = item.pull_id
left join processor_file file on file.business_id = item.business_id and file.file_id = item.file_id
where item.state = 'open'
  and (
    last.pull_id is not null
    or file.state = 'imported' and not (
      item.kind = 'unreadable' and exists (
        select from processor_row line
        where line.business_id = item.business_id and line.transaction_id = item.item_id and line.processor = item.processor
          and line.account = item.account and line.active)))
