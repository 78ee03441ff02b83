-- What else is stored that may be the money of some findings, or says what became of it: chargebacks and other lines of the
-- payment, refunds of the ledger that are unpaid, outside processors or before the start, failed refunds (spec section 5, Hints).
-- Grain: one row per finding, kind and thing found.
-- $1 business, $2 discrepancy ids
with params as not materialized (select $1::uuid as business_id, $2::text[] as discrepancy_ids),
found as materialized (
  select finding.*
  from params
  join discrepancy finding on finding.business_id = $1::uuid and finding.discrepancy_id = any (params.discrepancy_ids)
),
kind as materialized (
  select kind.processor, kind.pattern from payment_id_kind kind where kind.business_id = $1::uuid
),

-- the findings' items, with the payments and ids that they name
item as materialized (
  select found.discrepancy_id, found.code, 'leg' as side, leg.leg_no as item_no, leg.refund_id, leg.processor, leg.currency,
    leg.amount, leg.on_date, leg.payment_keys[1:10] as payments, leg.identity_keys as ids
  from found
  cross join unnest(found.leg_nos) as listed (leg_no)
  cross join lateral (select * from leg where leg.business_id = $1::uuid and leg.leg_no = listed.leg_no limit 1) leg
  union all
  -- a refund that is gone from the ledger, by its former payments
  select found.discrepancy_id, found.code, 'leg', leg.leg_no, leg.refund_id, coalesce(leg.processor_named, 'UNASSIGNED'),
    found.currency, leg.amount, leg.completed_on, refund.payment_keys[1:10], leg.identity_keys
  from (select * from found where found.refund_id is not null) found
  join ledger_leg leg on leg.business_id = $1::uuid and leg.direction = found.direction and leg.refund_id = found.refund_id
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = leg.direction and refund.refund_id = leg.refund_id
  union all
  select found.discrepancy_id, found.code, 'row', line.row_no, null, line.processor, line.currency, line.amount,
    line.occurred_on, line.payment_ids[1:10], array_remove(array[line.refund_id, line.transaction_id], null)
  from found
  cross join unnest(found.row_nos) as listed (row_no)
  cross join lateral (
    select * from processor_row where processor_row.business_id = $1::uuid and processor_row.row_no = listed.row_no limit 1
  ) line
  where line.type in ('refund', 'vendor_refund')
),

-- of matched money only a line in conflict says something; all others may be the money of something else
loose as materialized (
  select item.* from item where item.code not in ('AMOUNT_MISMATCH', 'REFUND_FEE_MISMATCH', 'RETURNED_FEE_MISMATCH')
),

-- all stored lines of the payments
paid as materialized (
  select item.discrepancy_id, item.code, item.side, item.item_no, item.amount as item_amount, item.currency as item_currency,
    key.payment_id, line.row_no, line.type, line.transaction_id, line.refund_id, line.amount, line.currency, line.occurred_on,
    line.file_id, line.line, line.processor,
    exists (select from open_item open where open.business_id = $1::uuid and open.item_no = line.row_no) as is_open
  from loose item
  cross join unnest(item.payments) as key (payment_id)
  cross join lateral (
    select named.row_no from row_of_payment named where named.business_id = $1::uuid and named.payment_id = key.payment_id limit 1000
  ) named
  cross join lateral (
    select * from processor_row where processor_row.business_id = $1::uuid and processor_row.row_no = named.row_no limit 1
  ) line
  where item.code <> 'OVER_REFUND'
),

-- what was paid, given back and charged back of each: a line counts once, also where several items name its payment; an open
-- refund may be the item's own money
payment as (
  select paid.discrepancy_id, paid.side, paid.payment_id, paid.processor, paid.currency,
    min(paid.transaction_id) filter (where paid.type = 'payment') as transaction_id,
    sum(paid.amount) filter (where paid.type = 'payment') as paid,
    coalesce(sum(paid.amount) filter (where paid.type in ('refund', 'vendor_refund', 'refund_reversal')), 0) as refunded,
    coalesce(sum(paid.amount) filter (
      where paid.type in ('refund', 'vendor_refund', 'refund_reversal') and not paid.is_open), 0) as matched,
    coalesce(sum(paid.amount) filter (where paid.type like 'chargeback%'), 0) as charged_back
  from (
    select distinct paid.discrepancy_id, paid.side, paid.payment_id, paid.processor, paid.currency, paid.row_no,
      paid.transaction_id, paid.type, paid.amount, paid.is_open
    from paid
  ) paid
  group by paid.discrepancy_id, paid.side, paid.payment_id, paid.processor, paid.currency
),

charged_back as (
  select paid.discrepancy_id, 'chargeback' as kind, paid.transaction_id as target, paid.amount, paid.currency,
    paid.occurred_on as on_date, paid.payment_id as named, file.name || ' line ' || paid.line as place
  from paid
  join payment using (discrepancy_id, side, payment_id, processor, currency)
  join processor_file file on file.business_id = $1::uuid and file.file_id = paid.file_id
  where paid.type = 'chargeback' and payment.charged_back > 0
),

other_line as (
  select paid.discrepancy_id, 'other_line', paid.transaction_id, paid.amount, paid.currency, paid.occurred_on,
    paid.payment_id, file.name || ' line ' || paid.line
  from paid
  join processor_file file on file.business_id = $1::uuid and file.file_id = paid.file_id
  where paid.type = 'other' and paid.side = 'leg' and abs(paid.amount) = paid.item_amount and paid.currency = paid.item_currency
),

refunded as (
  select payment.discrepancy_id, 'payment_refunded', payment.transaction_id, payment.paid::bigint, payment.currency, null::date,
    payment.payment_id, case when payment.side = 'row' then payment.refunded::text end
  from payment
  where payment.paid > 0
    and case payment.side when 'leg' then payment.matched >= payment.paid else payment.refunded > payment.paid end
),

-- the ledger's id of the refund is that of its payment
payment_as_id as (
  select item.discrepancy_id, 'payment_id', line.transaction_id, line.amount, line.currency, line.occurred_on, key.id,
    coalesce(line.refund_id, line.transaction_id)
  from loose item
  cross join unnest(item.ids) as key (id)
  cross join lateral (
    select named.row_no from row_of_payment named where named.business_id = $1::uuid and named.payment_id = key.id limit 1000
  ) named
  cross join lateral (
    select * from processor_row where processor_row.business_id = $1::uuid and processor_row.row_no = named.row_no limit 1
  ) line
  where item.side = 'leg' and line.type in ('refund', 'vendor_refund') and line.amount = item.amount
),

-- refunds of the ledger by the same id, or of the same payment and amount
candidate as materialized (
  select distinct on (item.discrepancy_id, item.item_no, named.direction, named.refund_id)
    item.discrepancy_id, item.side, named.direction, named.refund_id, named.named
  from loose item
  cross join lateral (
    select refund.direction, refund.refund_id, key.id as named, 1 as place
    from unnest(item.ids) as key (id)
    join ledger_refund refund on refund.business_id = $1::uuid and refund.external_id = key.id
    where item.side = 'row'
    union all
    select leg.direction, leg.refund_id, key.id, 1
    from unnest(item.ids) as key (id)
    cross join lateral (
      select leg.direction, leg.refund_id from ledger_leg leg
      where leg.business_id = $1::uuid and cardinality(leg.identity_keys) > 0 and leg.identity_keys[1] = key.id limit 1000
    ) leg
    where item.side = 'row'
    union all
    select refund.direction, refund.refund_id, key.payment, 2
    from unnest(item.payments) as key (payment)
    join ledger_refund refund
      on refund.business_id = $1::uuid and cardinality(refund.payment_keys) > 0 and refund.payment_keys[1] = key.payment
    where refund.refunded_amount = item.amount and refund.refund_id is distinct from item.refund_id
  ) named
  order by item.discrepancy_id, item.item_no, named.direction, named.refund_id, named.place
),

-- where the legs of such a refund stand
booked as (
  select candidate.*, refund.status, refund.completed_on, refund.refunded_amount, legs.*,
    business.starts_on, business.currency
  from candidate
  join business on business.business_id = $1::uuid
  join ledger_refund refund
    on refund.business_id = $1::uuid and refund.direction = candidate.direction and refund.refund_id = candidate.refund_id
  cross join lateral (
    select count(*) as legs, bool_and(leg.is_outside) as all_outside, max(leg.method) as method, max(leg.processor) as processor,
      max(leg.on_date) as last_on, bool_or(matched.leg_no is not null) as is_matched, min(leg.leg_id) as leg_id
    from leg
    left join match_item matched on matched.business_id = $1::uuid and matched.leg_no = leg.leg_no
    where leg.business_id = $1::uuid and leg.direction = candidate.direction and leg.refund_id = candidate.refund_id
  ) legs
  where refund.removed_pull_id is null
),

in_ledger as (
  select booked.discrepancy_id,
    case when booked.legs = 0 then 'ledger_unpaid' when booked.all_outside then 'ledger_outside'
      when booked.last_on < booked.starts_on then 'ledger_before_start' else 'booked_already' end as kind,
    case when booked.legs = 0 then booked.refund_id else booked.leg_id end as target, booked.refunded_amount as amount, booked.currency,
    coalesce(booked.last_on, booked.completed_on) as on_date, booked.named,
    case when booked.legs = 0 then booked.refund_id || coalesce(' (' || booked.status || ')', '')
      when booked.all_outside then booked.refund_id || ' (' || coalesce(booked.method, booked.processor, '') || ')'
      else booked.refund_id end as place
  from booked
  where booked.legs = 0 and booked.side = 'row' or booked.legs > 0 and booked.all_outside and booked.side = 'row'
    or booked.last_on < booked.starts_on and booked.side = 'row' or booked.is_matched and booked.side = 'leg'
),

-- few refunds are ever quarantined; a customer's details are not in raw
unreadable as (
  select item.discrepancy_id, 'ledger_quarantined', record.item_id, null::bigint, null::text,
    record.dated_on, key.id, record.reason
  from loose item
  cross join unnest(item.ids) as key (id)
  join (
    select aside.item_id, aside.raw, aside.reason, aside.dated_on
    from open_quarantine standing
    join quarantine aside on aside.business_id = $1::uuid and aside.quarantine_id = standing.quarantine_id
    where standing.business_id = $1::uuid and standing.pull_id is not null
    order by aside.quarantine_id
    limit 200
  ) record on length(key.id) > 5 and strpos(record.raw, '"' || key.id || '"') > 0
  where item.side = 'row'
),

-- a processor's line that bears the leg's id and could not be read, or contradicts the matched one
unread_line as (
  select item.discrepancy_id, case record.kind when 'conflict' then 'conflict_line' else 'line_quarantined' end,
    record.quarantine_id::text, null::bigint, null::text, record.dated_on, key.id, record.reason
  from item
  cross join unnest(item.ids) as key (id)
  join (
    select aside.quarantine_id, aside.kind, aside.item_id, aside.raw, aside.reason, aside.dated_on
    from open_quarantine standing
    join quarantine aside on aside.business_id = $1::uuid and aside.quarantine_id = standing.quarantine_id
    where standing.business_id = $1::uuid and standing.file_id is not null
    order by aside.quarantine_id
    limit 200
  ) record on case record.kind
    when 'conflict' then item.side = 'row' and record.item_id = key.id
    else item.side = 'leg' and item.code in ('MISSING_AT_PROCESSOR', 'AWAITING_PROCESSOR') and length(key.id) > 5
      and strpos(record.raw, key.id) > 0 end
),

-- a refund of this amount that was made and failed, unless it names another payment
cancelled as materialized (
  select line.processor, line.currency, line.amount, line.occurred_on, line.transaction_id, line.payment_ids, coalesce(line.refund_id, line.transaction_id) as named
  from match_item matched
  join processor_row line on line.business_id = $1::uuid and line.row_no = matched.row_no
  where matched.business_id = $1::uuid and matched.pass = 'cancelled' and line.type in ('refund', 'vendor_refund')
    and exists (select from item where item.side = 'leg')
),

failed as (
  select item.discrepancy_id, 'failed_refund', cancelled.transaction_id, cancelled.amount, cancelled.currency,
    cancelled.occurred_on, cancelled.named, null
  from loose item
  join cancelled
    on cancelled.processor = item.processor and cancelled.currency = item.currency and cancelled.amount = item.amount
    and cancelled.occurred_on between item.on_date - 30 and item.on_date + 30
  where item.side = 'leg'
    and (cancelled.payment_ids && item.payments or not exists (
      select from kind
      where kind.processor = cancelled.processor
        and exists (select from unnest(item.payments) as own (id) where own.id ~ kind.pattern)
        and exists (select from unnest(cancelled.payment_ids) as other (id) where other.id ~ kind.pattern)))
)

select * from charged_back
union all select * from other_line
union all select * from refunded
union all select * from payment_as_id
union all select * from in_ledger
union all select * from unreadable
union all select * from unread_line
union all select * from failed
order by discrepancy_id, kind, target
