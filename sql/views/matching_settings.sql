-- A hash of the settings that decide which legs and rows match, as they are now; table reconciliation keeps the one by
-- which everything was last matched.
-- Grain: one row per business.
select business.business_id,
  md5(concat_ws(E'\n', business.currency, business.starts_on, business.outside_methods, business.outside_processors,
    (select string_agg(alias.alias || '=' || alias.processor, ',' order by alias.alias collate "C")
     from processor_alias alias where alias.business_id = business.business_id),
    (select string_agg(concat_ws('|', setting.processor, setting.date_window_days, setting.usual_lag_days,
       setting.match_payouts, setting.refund_id_pattern, setting.payment_id_pattern), ',' order by setting.processor collate "C")
     from processor_setting setting where setting.business_id = business.business_id))) as hash
from business
