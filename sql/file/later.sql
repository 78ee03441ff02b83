-- Brings known rows up to date. Payout and availability, which processors fill in later: of several lines of a row the
-- last one that says it counts, and what a line leaves empty is not taken away. A refund id or a presented amount where
-- the row has none. Payment ids and references that the row lacks, behind those it has. A row that gets any key or a
-- presented amount is noted for the next run.
-- Grain: one row, with the number of rows brought up to date.
-- $1 business
with params as not materialized (select $1::uuid as business_id),

differing as (
  select distinct differing_line.row_no, differing_line.transaction_id
  from differing_line
  where not differing_line.is_conflict
),

-- all lines of such a row: one that agrees with what is known may come after one that does not
line as (
  select differing.row_no, staged.*
  from differing
  join staged_line as staged using (transaction_id)
  where not exists (
    select
    from differing_line as conflict
    where conflict.is_conflict and conflict.line = staged.line and conflict.transaction_id = staged.transaction_id)
),

later as (
  select
    line.row_no,
    (array_agg(line.available_on order by line.line desc) filter (where line.available_on is not null))[1]
      as available_on,
    (array_agg(line.payout_id order by line.line desc) filter (where line.payout_id is not null))[1] as payout_id,
    (array_agg(line.refund_id order by line.line) filter (where line.refund_id is not null))[1] as refund_id,
    (array_agg(coalesce(line.keys_written ->> 'refund_id', line.refund_id) order by line.line)
      filter (where line.refund_id is not null))[1] as refund_written,
    (array_agg(line.presented_amount order by line.line) filter (where line.presented_amount is not null))[1]
      as presented_amount,
    (array_agg(line.presented_currency order by line.line) filter (where line.presented_currency is not null))[1]
      as presented_currency,
    bool_or(not (line.payment_ids <@ known.payment_ids) or not (line.reference_ids <@ known.reference_ids)) as has_grown
  from params
  cross join line
  join processor_row as known on known.business_id = params.business_id and known.row_no = line.row_no
  group by line.row_no
),

-- the keys of a row whose lists grow, each with how it is written: the stored ones first, then line by line
said as (
  select known.row_no, 0 as line, listed.list, listed.place, listed.id, coalesce(listed.written, listed.id) as written
  from params
  cross join later
  join processor_row as known on known.business_id = params.business_id and known.row_no = later.row_no
  cross join lateral (
    select 'payment' as list, key.place, key.id, key.written
    from unnest(known.payment_ids, array(select json_array_elements_text(known.keys_written -> 'payment_ids')))
      with ordinality as key (id, written, place)
    union all
    select 'reference', key.place, key.id, key.written
    from unnest(known.reference_ids, array(select json_array_elements_text(known.keys_written -> 'reference_ids')))
      with ordinality as key (id, written, place)
  ) as listed
  where later.has_grown
  union all
  select line.row_no, line.line, listed.list, listed.place, listed.id, coalesce(listed.written, listed.id)
  from later
  join line using (row_no)
  cross join lateral (
    select 'payment' as list, key.place, key.id, key.written
    from unnest(line.payment_ids, array(select json_array_elements_text(line.keys_written -> 'payment_ids')))
      with ordinality as key (id, written, place)
    union all
    select 'reference', key.place, key.id, key.written
    from unnest(line.reference_ids, array(select json_array_elements_text(line.keys_written -> 'reference_ids')))
      with ordinality as key (id, written, place)
  ) as listed
  where later.has_grown
),

key as (
  select distinct on (said.row_no, said.list, said.id) said.row_no, said.list, said.line, said.place, said.id, said.written
  from said
  order by said.row_no, said.list, said.id, said.line, said.place
),

grown as (
  select
    key.row_no,
    coalesce(array_agg(key.id order by key.line, key.place) filter (where key.list = 'payment'), '{}') as payment_ids,
    coalesce(array_agg(key.id order by key.line, key.place) filter (where key.list = 'reference'), '{}')
      as reference_ids,
    coalesce(array_agg(key.written order by key.line, key.place) filter (where key.list = 'payment'), '{}')
      as payments_written,
    coalesce(array_agg(key.written order by key.line, key.place) filter (where key.list = 'reference'), '{}')
      as references_written
  from key
  group by key.row_no
),

updated as (
  update processor_row as known
  set available_on = coalesce(later.available_on, known.available_on),
      payout_id = coalesce(later.payout_id, known.payout_id),
      refund_id = coalesce(known.refund_id, later.refund_id),
      presented_amount = coalesce(known.presented_amount, later.presented_amount),
      presented_currency = coalesce(known.presented_currency, later.presented_currency),
      payment_ids = coalesce(grown.payment_ids, known.payment_ids),
      reference_ids = coalesce(grown.reference_ids, known.reference_ids),
      keys_written = case when said.refund_id is distinct from coalesce(known.refund_id, later.refund_id)
          or said.transaction_id <> known.transaction_id
          or said.payment_ids <> coalesce(grown.payment_ids, known.payment_ids)
          or said.reference_ids <> coalesce(grown.reference_ids, known.reference_ids)
        then json_build_object('transaction_id', said.transaction_id, 'refund_id', said.refund_id,
          'payment_ids', said.payment_ids, 'reference_ids', said.reference_ids) end
  from params
  cross join later
  join processor_row as before on before.business_id = params.business_id and before.row_no = later.row_no
  left join grown on grown.row_no = later.row_no
  cross join lateral (
    select
      coalesce(before.keys_written ->> 'transaction_id', before.transaction_id) as transaction_id,
      coalesce(before.keys_written ->> 'refund_id', before.refund_id, later.refund_written) as refund_id,
      coalesce(grown.payments_written,
        (select array_agg(key.written order by key.place)
         from json_array_elements_text(before.keys_written -> 'payment_ids') with ordinality as key (written, place)),
        before.payment_ids) as payment_ids,
      coalesce(grown.references_written,
        (select array_agg(key.written order by key.place)
         from json_array_elements_text(before.keys_written -> 'reference_ids') with ordinality as key (written, place)),
        before.reference_ids) as reference_ids
  ) as said
  where known.business_id = params.business_id and known.row_no = later.row_no
  returning known.row_no, known.occurred_on,
    later.has_grown
      or (before.refund_id is null and later.refund_id is not null)
      or (before.presented_amount is null and later.presented_amount is not null) as is_touched
),

touched as (
  insert into touched_item (business_id, item_no, month_before)
  select params.business_id, updated.row_no, date_trunc('month', updated.occurred_on)::date
  from params
  cross join updated
  where updated.is_touched
  order by updated.row_no
  on conflict do nothing
)

select count(*) as updated from updated
