-- A file says itself what it brought: its rows do not change any more, and each report looked through those of all history
-- to say it, 1 s a million rows.
-- JSON, a list: currency, rows, first_id, last_id, amount; the numbers as texts
alter table processor_file add column brought json not null default '[]';

update processor_file file
set brought = brought.of_file
from (
  select business_id, file_id,
    json_agg(json_build_object(
      'currency', currency, 'rows', rows::text, 'first_id', first_id, 'last_id', last_id, 'amount', amount::text
    ) order by currency) as of_file
  from (
    select business_id, file_id, currency, count(*) as rows, min(transaction_id) as first_id,
      max(transaction_id) as last_id,
      coalesce(sum(amount) filter (where type in ('refund', 'refund_reversal', 'vendor_refund')), 0) as amount
    from processor_row
    group by business_id, file_id, currency
  ) as summed
  group by business_id, file_id
) as brought
where brought.business_id = file.business_id and brought.file_id = file.file_id;

alter table processor_file alter column brought drop default;
