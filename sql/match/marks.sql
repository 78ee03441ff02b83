-- Where the last run of a business stood, as long as nothing in its settings has changed since; and where this one stands.
-- A run that looks at everything starts from 0.
-- Grain: one row.
with params as not materialized (select $1::uuid as business_id, $2::boolean as everything),
settings as (
  select md5(concat_ws(E'\n',
    (select row_to_json(business)::text from params join business on business.business_id = params.business_id),
    (select string_agg(row_to_json(setting)::text, E'\n' order by setting.processor)
     from params join processor_setting setting on setting.business_id = params.business_id),
    (select string_agg(row_to_json(named)::text, E'\n' order by named.alias)
     from params join processor_alias named on named.business_id = params.business_id),
    (select string_agg(distinct concat(file.processor, ' ', file.refund_id_pattern), E'\n')
     from params join processor_file file on file.business_id = params.business_id))) as settings
),
now_at as (
  select greatest(
      (select max(leg.leg_no) from params join ledger_leg leg on leg.business_id = params.business_id),
      (select max(line.row_no) from params join processor_row line on line.business_id = params.business_id), 0) as item_mark,
    -- before the first pull there is none
    coalesce((select max(pull.pull_id) from params join pull on pull.business_id = params.business_id), 0) as pull_mark
),
planner as (
  -- -1 where it was never told
  select sum(greatest(reltuples, 0))::bigint as items from pg_class where oid in ('ledger_leg'::regclass, 'processor_row'::regclass)
)
select
  coalesce(case when not params.everything and last_run.settings = settings.settings then last_run.item_mark end, 0) as item_mark,
  coalesce(case when not params.everything and last_run.settings = settings.settings then last_run.pull_mark end, 0) as pull_mark,
  now_at.item_mark as new_item_mark, now_at.pull_mark as new_pull_mark, settings.settings,
  planner.items as items_planned_for
from params cross join settings cross join now_at cross join planner
left join reconciliation last_run on last_run.business_id = params.business_id
