-- The settings that matter to matching, of each configured processor that has files here.
-- Grain: one row per processor. $1 business
with params as not materialized (select $1::uuid as business_id)
select setting.processor, setting.date_window_days, setting.usual_lag_days, setting.match_payouts,
  array(
    select kind.pattern from refund_id_kind kind
    where kind.business_id = setting.business_id and kind.processor = setting.processor
    order by kind.pattern collate "C") as refund_id_patterns,
  array(
    select kind.pattern from payment_id_kind kind
    where kind.business_id = setting.business_id and kind.processor = setting.processor
    order by kind.pattern collate "C") as payment_id_patterns
from params
join processor_setting setting on setting.business_id = params.business_id
where exists (
  select from processor_file file
  where file.business_id = setting.business_id and file.processor = setting.processor and file.state = 'imported')
order by setting.processor collate "C"
