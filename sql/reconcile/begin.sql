-- Begins a run: notes its as_of, which the checks read, and the spans of its fee policies; says how far the last run looked and
-- how many legs and rows it had matched, in how many matches. is_same: neither legs, rows and files nor settings and rulings
-- are new or changed, and the last run left nothing that one more would match.
-- Grain: one row. $1 business, $2 as_of, $3 now, $4 whether everything is matched anew, $5 the version of Tieout
with params as not materialized (
  select $1::uuid as business_id, $2::timestamptz as as_of, $3::timestamptz as now, $4::boolean as everything, $5::text as version
),
before as (
  select stored.* from params join reconciliation stored on stored.business_id = params.business_id
),
rule as materialized (
  select fee.* from params join fee_rule fee on fee.business_id = params.business_id
),
settings as (
  select now.hash as matching,
    md5(concat_ws(E'\n', params.version, now.hash, business.settings_hash,
      (select string_agg(file.file_id::text, ' ' order by file.file_id)
       from processor_file file where file.business_id = business.business_id and file.state = 'imported'),
      -- none is ever deleted
      (select concat_ws('|', count(*), count(ruling.forgotten_at)) from ruling where ruling.business_id = business.business_id))) as matched_by,
    md5(concat_ws(E'\n', business.starts_on, business.outside_methods, business.outside_processors,
      (select string_agg(alias.alias || '=' || alias.processor, ',' order by alias.alias collate "C")
       from processor_alias alias where alias.business_id = business.business_id),
      (select string_agg(concat_ws('|', fee.processor, fee.refund_fee_tie, fee.returned_fee_tie, fee.categories, fee.from_month), ','
         order by fee.processor collate "C", fee.from_month)
       from rule fee),
      (select string_agg(concat_ws('|', kind.processor, kind.pattern), ',' order by kind.processor collate "C", kind.pattern collate "C")
       from payment_id_kind kind where kind.business_id = business.business_id))) as judging
  from params
  join business on business.business_id = params.business_id
  join matching_settings now on now.business_id = params.business_id
),
spans_gone as (
  delete from fee_span stored using params
  where stored.business_id = params.business_id and not exists (
    select from rule where rule.processor = stored.processor and rule.from_month = stored.from_month)
),
spans as (
  insert into fee_span as stored (business_id, processor, from_month, before_month, refund_fee_tie, returned_fee_tie, categories)
  select business_id, processor, from_month, before_month, refund_fee_tie, returned_fee_tie, categories from rule
  on conflict (business_id, processor, from_month) do update
  set before_month = excluded.before_month, refund_fee_tie = excluded.refund_fee_tie,
    returned_fee_tie = excluded.returned_fee_tie, categories = excluded.categories
  where (stored.before_month, stored.refund_fee_tie, stored.returned_fee_tie, stored.categories)
    is distinct from (excluded.before_month, excluded.refund_fee_tie, excluded.returned_fee_tie, excluded.categories)
),
noted as (
  insert into reconciliation (business_id, as_of, finished_at, item_mark, matching_settings, judging_settings)
  select params.business_id, params.as_of, params.now, 0, settings.matching, settings.judging from params cross join settings
  on conflict (business_id) do update set as_of = excluded.as_of, finished_at = excluded.finished_at
)
select business.currency, business.starts_on,
  before.as_of as as_of_before,
  case when params.everything then 0 else coalesce(before.item_mark, 0) end as item_mark,
  stored.item_mark as new_item_mark,
  before.business_id is null as is_first,
  total.matched, total.matches,
  settings.matching as matching_settings, settings.judging as judging_settings,
  before.matching_settings is distinct from settings.matching as matching_changed,
  before.judging_settings is distinct from settings.judging as judging_changed,
  settings.matched_by,
  not params.everything and (before.item_mark, before.matched_by, before.judging_settings)
    is not distinct from (stored.item_mark, settings.matched_by, settings.judging)
    and not exists (select from touched_item touched where touched.business_id = params.business_id) as is_same,
  open.legs as open_legs, open.rows as open_rows,
  exists (select from ruling where ruling.business_id = params.business_id and ruling.forgotten_at is null) as has_rulings,
  last.event_number, last.hash as event_hash
from params
join business on business.business_id = params.business_id
cross join settings
left join before on true
cross join lateral (
  select greatest(
    (select max(leg.leg_no) from ledger_leg leg where leg.business_id = params.business_id),
    (select max(line.row_no) from processor_row line where line.business_id = params.business_id), 0) as item_mark
) stored
cross join lateral (
  select count(*) filter (where item.side = 'leg') as legs, count(*) filter (where item.side = 'row') as rows
  from open_item item where item.business_id = params.business_id
) open
cross join lateral (
  select coalesce(sum(stored.legs + stored.rows), 0)::bigint as matched, coalesce(sum(stored.count), 0)::bigint as matches
  from match_total stored where stored.business_id = params.business_id
) total
left join lateral (
  select event.event_number, event.hash from event
  where event.business_id = params.business_id order by event.event_number desc limit 1
) last on true
