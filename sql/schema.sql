-- The tables as `tieout migrate` leaves them; sql/views has the views. Generated, and checked by
-- test/integration/database/schema.test.ts; `npx vitest run test/integration/database/schema.test.ts -u` renews it.

create sequence item_no;

create table account_coverage (
  business_id uuid not null,
  processor text collate "C" not null,
  account text collate "C" not null,
  covers_from date not null,
  covers_to date not null,
  constraint account_coverage_pkey PRIMARY KEY (business_id, processor, account, covers_from)
);
comment on table account_coverage is 'An unbroken span of dates that an account''s files cover, tolerated holes closed.';
comment on column account_coverage.business_id is 'the business';
comment on column account_coverage.processor is 'the processor';
comment on column account_coverage.account is 'the account';
comment on column account_coverage.covers_from is 'the first date';
comment on column account_coverage.covers_to is 'the last date';

create table business (
  business_id uuid not null,
  name text not null,
  currency text collate "C" not null,
  time_zone text not null,
  ledger_lag_days integer not null,
  four_eyes boolean not null default false,
  starts_on date,
  ledger_dates text collate "C" not null default 'instant'::text,
  outside_methods text[] not null default '{CASH,CHECK,CREDIT_BALANCE}'::text[],
  outside_processors text[] not null default '{}'::text[],
  rate_tolerance_bp integer not null default 300,
  materiality_item bigint,
  materiality_month bigint,
  waive_limit bigint,
  waive_limit_month bigint,
  settings_hash text collate "C",
  constraint business_pkey PRIMARY KEY (business_id),
  constraint business_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint business_ledger_dates_check CHECK ((ledger_dates = ANY (ARRAY['instant'::text, 'date'::text]))),
  constraint business_ledger_lag_days_check CHECK ((ledger_lag_days >= 0)),
  constraint business_rate_tolerance_bp_check CHECK ((rate_tolerance_bp >= 0))
);
comment on table business is 'A business with its settings, as of the configuration of its last job.';
comment on column business.business_id is 'the business''s id in Layer';
comment on column business.name is 'for people';
comment on column business.currency is 'of the ledger, ISO 4217';
comment on column business.time_zone is 'IANA; instants get their dates in it';
comment on column business.ledger_lag_days is 'days until a row without a leg is an error';
comment on column business.four_eyes is 'whether a close needs a second person';
comment on column business.starts_on is 'the first of a month: nothing is concluded about earlier dates; null: no start';
comment on column business.ledger_dates is 'date: midnight UTC in Layer means the date';
comment on column business.outside_methods is 'methods of legs that go through no processor, upper case';
comment on column business.outside_processors is 'processor names that stand for no processor, upper case';
comment on column business.rate_tolerance_bp is 'hundredths of a percent by which converted amounts may differ';
comment on column business.materiality_item is 'minor units above which a finding is marked; null: none';
comment on column business.materiality_month is 'minor units above which a month is marked; null: none';
comment on column business.waive_limit is 'minor units that one waived finding may come to; null: no limit';
comment on column business.waive_limit_month is 'minor units that waived findings of a month may come to; null: no limit';
comment on column business.settings_hash is 'of all settings as they were last stored, those of processors and the rates too; null: to be stored';

create table close (
  business_id uuid not null,
  month text collate "C" not null,
  edition integer not null,
  prepared_by text not null,
  prepared_at timestamp with time zone not null,
  four_eyes boolean not null,
  accept_open text,
  as_of timestamp with time zone not null,
  business json not null,
  verdict text collate "C" not null,
  reasons json not null,
  tie_out json not null,
  roll_forward json not null,
  carried json not null,
  findings json not null,
  sources json not null,
  event_number bigint not null,
  event_hash text collate "C" not null,
  sha256 text collate "C" not null,
  constraint close_pkey PRIMARY KEY (business_id, month, edition),
  constraint close_edition_check CHECK ((edition > 0)),
  constraint close_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text)),
  constraint close_prepared_by_check CHECK ((btrim(prepared_by) <> ''::text)),
  constraint close_verdict_check CHECK ((verdict = ANY (ARRAY['incomplete'::text, 'discrepant'::text, 'waiting'::text, 'reconciled'::text])))
);
comment on table close is 'What a person signed of a month. Never changed; the events about it say whether it stands.';
comment on column close.business_id is 'the business';
comment on column close.month is 'YYYY-MM';
comment on column close.edition is '1, and one more for each close of the month after one that was reopened or void';
comment on column close.prepared_by is 'who closed it, or prepared it for another person to review';
comment on column close.prepared_at is 'by the clock';
comment on column close.four_eyes is 'whether another person has to review it';
comment on column close.accept_open is 'why it was closed though items to correct were open, or the month incomplete; null: neither';
comment on column close.as_of is 'of the run whose figures it has';
comment on column close.business is '{name, currency, time_zone} as they were';
comment on column close.verdict is 'of the month';
comment on column close.reasons is '[{code, text}] of the verdict';
comment on column close.tie_out is 'the lines of the month, as in a report';
comment on column close.roll_forward is 'the lines of the month, as in a report';
comment on column close.carried is 'what each open finding adds to the closing of the roll-forward';
comment on column close.findings is 'open ones up to the month and resolved ones of it, with effects and decisions';
comment on column close.sources is 'the pulls, and the files that cover the month, with their SHA-256';
comment on column close.event_number is 'of the last event before it';
comment on column close.event_hash is 'of that event';
comment on column close.sha256 is 'over canonical JSON of all the above';

create table close_items (
  business_id uuid not null,
  month text collate "C" not null,
  edition integer not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  item_nos bigint[] not null,
  amounts bigint[] not null,
  refund_fees bigint[] not null,
  returned_fees bigint[] not null,
  constraint close_items_pkey PRIMARY KEY (business_id, month, edition, direction, processor, currency)
);
comment on table close_items is 'The legs, rows and fee lines of a closed month, to say later which of them came to differ.';
comment on column close_items.business_id is 'the business';
comment on column close_items.month is 'YYYY-MM';
comment on column close_items.edition is 'of the close';
comment on column close_items.direction is 'customer or vendor';
comment on column close_items.processor is 'as resolved through the aliases, or UNASSIGNED';
comment on column close_items.currency is 'ISO 4217';
comment on column close_items.item_nos is 'numbers of legs and rows, ascending';
comment on column close_items.amounts is 'beside them, minor units';
comment on column close_items.refund_fees is 'beside them, minor units';
comment on column close_items.returned_fees is 'beside them, minor units';

create table correction (
  business_id uuid not null,
  correction_id text collate "C" not null,
  row_no bigint not null,
  discrepancy_id text collate "C" not null,
  direction text collate "C" not null,
  status text collate "C" not null,
  external_id text collate "C" not null,
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  currency text collate "C" not null,
  processor text collate "C" not null,
  method text collate "C" not null,
  completed_at timestamp with time zone not null,
  target json,
  target_source text,
  expected_amount bigint,
  request_path text,
  request_body text,
  request_sha256 text collate "C",
  layer_refund_id text collate "C",
  outcome text,
  proposed_by text not null,
  approved_by text,
  constraint correction_pkey PRIMARY KEY (business_id, correction_id),
  constraint correction_business_id_direction_external_id_key UNIQUE (business_id, direction, external_id),
  constraint correction_business_id_row_no_key UNIQUE (business_id, row_no),
  constraint correction_amount_check CHECK ((amount > 0)),
  constraint correction_check CHECK (((target IS NULL) = (target_source IS NULL))),
  constraint correction_check1 CHECK ((num_nulls(request_path, request_body, request_sha256) = ANY (ARRAY[0, 3]))),
  constraint correction_check2 CHECK (((status <> ALL (ARRAY['approved'::text, 'posting'::text, 'posted'::text, 'differs'::text, 'failed'::text])) OR (request_body IS NOT NULL))),
  constraint correction_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text]))),
  constraint correction_refund_fee_check CHECK ((refund_fee >= 0)),
  constraint correction_returned_fee_check CHECK ((returned_fee >= 0)),
  constraint correction_status_check CHECK ((status = ANY (ARRAY['needs_target'::text, 'proposed'::text, 'approved'::text, 'rejected'::text, 'posting'::text, 'posted'::text, 'differs'::text, 'failed'::text, 'obsolete'::text]))),
  constraint correction_target_source_check CHECK ((target_source = ANY (ARRAY['ledger'::text, 'references'::text, 'person'::text])))
);
comment on table correction is 'A refund proposed to be created in Layer, for a processor''s row that the ledger lacks.';
comment on column correction.business_id is 'the business';
comment on column correction.correction_id is 'a hash of the row''s identity: proposing again finds the same';
comment on column correction.row_no is 'the processor''s row';
comment on column correction.discrepancy_id is 'the finding';
comment on column correction.direction is 'of the refund';
comment on column correction.status is 'where it is in its life';
comment on column correction.external_id is 'by which Layer knows the refund again: the idempotency key';
comment on column correction.amount is 'minor units';
comment on column correction.refund_fee is 'minor units';
comment on column correction.returned_fee is 'minor units';
comment on column correction.currency is 'ISO 4217';
comment on column correction.processor is 'as Layer shall name it';
comment on column correction.method is 'as Layer shall name it';
comment on column correction.completed_at is 'when the processor made it';
comment on column correction.target is 'what it refunds: {"invoice_id": ...} or one {"bill_...": ...}; null: a person has to say';
comment on column correction.target_source is 'how the target is known';
comment on column correction.expected_amount is 'what Layer will make of the target, where that is known';
comment on column correction.request_path is 'as approved: what is sent is this and nothing else';
comment on column correction.request_body is 'as approved';
comment on column correction.request_sha256 is 'of path, line feed, body';
comment on column correction.layer_refund_id is 'the refund that Layer made';
comment on column correction.outcome is 'in words: what is missing, what differs, why it failed';
comment on column correction.proposed_by is 'a name';
comment on column correction.approved_by is 'a name';

create table correction_event (
  business_id uuid not null,
  event_id bigint not null generated always as identity,
  correction_id text collate "C" not null,
  happened_at timestamp with time zone not null,
  actor text not null,
  from_status text collate "C",
  to_status text collate "C" not null,
  request_sha256 text collate "C",
  note text,
  constraint correction_event_pkey PRIMARY KEY (business_id, event_id)
);
comment on table correction_event is 'A change of a correction''s status or target. Only added to.';
comment on column correction_event.business_id is 'the business';
comment on column correction_event.event_id is 'its number';
comment on column correction_event.correction_id is 'the correction';
comment on column correction_event.happened_at is 'by the clock';
comment on column correction_event.actor is 'a person''s name, or the job';
comment on column correction_event.from_status is 'before';
comment on column correction_event.to_status is 'after';
comment on column correction_event.request_sha256 is 'of the request, where there is one';
comment on column correction_event.note is 'in words';

create table coverage_span (
  business_id uuid not null,
  processor text collate "C" not null,
  covers_from date not null,
  covers_to date not null,
  constraint coverage_span_pkey PRIMARY KEY (business_id, processor, covers_from)
);
comment on table coverage_span is 'An unbroken span of dates that are covered by every account of a processor that is asked for them.';
comment on column coverage_span.business_id is 'the business';
comment on column coverage_span.processor is 'the processor';
comment on column coverage_span.covers_from is 'the first date; -infinity where nothing is asked before';
comment on column coverage_span.covers_to is 'the last date; infinity where nothing is asked after';

create table discrepancy (
  business_id uuid not null,
  discrepancy_id text collate "C" not null,
  status text collate "C" not null,
  words text,
  code text collate "C" not null,
  processor text collate "C",
  size numeric not null generated always as (COALESCE(abs(figure), ('-1'::integer)::numeric)) stored,
  figure_currency text collate "C",
  dated_on date,
  months text[],
  direction text collate "C" not null,
  currency text collate "C" not null,
  refund_id text collate "C",
  month text collate "C",
  measure text collate "C",
  leg_nos bigint[] not null,
  row_nos bigint[] not null,
  due_on date,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  late boolean not null default false,
  differs json,
  figure numeric,
  constraint discrepancy_pkey PRIMARY KEY (business_id, discrepancy_id),
  constraint discrepancy_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text, 'cleared'::text])))
);
comment on table discrepancy is 'A finding ever made; its id is a hash of its identity, so that a later run finds the same one.';
comment on column discrepancy.business_id is 'the business';
comment on column discrepancy.discrepancy_id is 'a hash of its identity';
comment on column discrepancy.status is 'where it is in its life';
comment on column discrepancy.words is 'its ids, references and amounts, lower case, a line each: what a search looks through';
comment on column discrepancy.code is 'of spec section 5';
comment on column discrepancy.processor is 'of its first row, else of its first leg; null: of a whole refund';
comment on column discrepancy.size is 'the figure without its sign, by which worklists are sorted; -1: it has none';
comment on column discrepancy.figure_currency is 'of the figure';
comment on column discrepancy.dated_on is 'the earliest date among its items';
comment on column discrepancy.months is 'the months in which it is reported; null: in every one';
comment on column discrepancy.direction is 'customer or vendor';
comment on column discrepancy.currency is 'of its first row, else the business''s';
comment on column discrepancy.refund_id is 'of a whole-refund finding';
comment on column discrepancy.month is 'of a finding about a month: YYYY-MM';
comment on column discrepancy.measure is 'of a finding about a month''s measure';
comment on column discrepancy.leg_nos is 'its legs, in order';
comment on column discrepancy.row_nos is 'its rows, in order';
comment on column discrepancy.due_on is 'of a timing finding that will become an error';
comment on column discrepancy.first_seen_at is 'as_of of the run that found it first';
comment on column discrepancy.last_seen_at is 'of a cleared one: as_of of the last run that found it';
comment on column discrepancy.late is 'about a closed month, first seen after its close';
comment on column discrepancy.differs is 'of CHANGED_AFTER_CLOSE: [{measure, ledger, ledger_now, processor_total, processor_total_now}] of what differs';
comment on column discrepancy.figure is 'the figure that stands first at it, minor units, as of the last run; null: it has none';

create table discrepancy_effect (
  business_id uuid not null,
  discrepancy_id text collate "C" not null,
  month text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  amount numeric not null,
  refund_fee numeric not null,
  returned_fee numeric not null,
  constraint discrepancy_effect_pkey PRIMARY KEY (business_id, discrepancy_id, month, processor, currency),
  constraint discrepancy_effect_check CHECK (((amount <> (0)::numeric) OR (refund_fee <> (0)::numeric) OR (returned_fee <> (0)::numeric))),
  constraint discrepancy_effect_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text))
);
comment on table discrepancy_effect is 'What a discrepancy contributes to ledger total minus processor total.';
comment on column discrepancy_effect.business_id is 'the business';
comment on column discrepancy_effect.discrepancy_id is 'the discrepancy';
comment on column discrepancy_effect.month is 'YYYY-MM';
comment on column discrepancy_effect.processor is 'the line of the tie-out';
comment on column discrepancy_effect.currency is 'the line of the tie-out';
comment on column discrepancy_effect.amount is 'minor units, legs less rows';
comment on column discrepancy_effect.refund_fee is 'minor units, legs less rows';
comment on column discrepancy_effect.returned_fee is 'minor units, legs less rows';

create table erasure (
  business_id uuid not null,
  person_sha256 text collate "C" not null,
  erased_at timestamp with time zone not null,
  constraint erasure_pkey PRIMARY KEY (business_id, person_sha256)
);
comment on table erasure is 'A person who was erased: what a pull brings of them is kept without details.';
comment on column erasure.business_id is 'the business';
comment on column erasure.person_sha256 is 'SHA-256 of the business''s id, a blank and the person''s id';
comment on column erasure.erased_at is 'by the clock';

create table event (
  business_id uuid not null,
  event_number bigint not null,
  at timestamp with time zone not null,
  actor text not null,
  kind text collate "C" not null,
  subject text collate "C",
  from_state text,
  to_state text,
  note text,
  details text,
  previous_hash text collate "C" not null,
  hash text collate "C" not null,
  constraint event_pkey PRIMARY KEY (business_id, event_number),
  constraint event_actor_check CHECK ((actor <> ''::text))
);
comment on table event is 'What happened, in a chain of hashes: by a run or a person. Never changed, never deleted.';
comment on column event.business_id is 'the business';
comment on column event.event_number is '1, 2, 3 within the business, without gaps';
comment on column event.at is 'a run''s as_of; a person''s clock';
comment on column event.actor is '''run'' or a person''s name';
comment on column event.kind is 'what happened';
comment on column event.subject is 'the discrepancy, ruling, file or close it is about; null: the run itself';
comment on column event.from_state is 'before';
comment on column event.to_state is 'after';
comment on column event.note is 'in words';
comment on column event.details is 'canonical JSON of what else belongs to it';
comment on column event.previous_hash is 'of the event before; of the first: 64 zeros';
comment on column event.hash is 'SHA-256 over canonical JSON of the fields above';

create table exchange_rate (
  business_id uuid not null,
  dated_on date not null,
  from_currency text collate "C" not null,
  to_currency text collate "C" not null,
  rate numeric not null,
  minor_rate numeric not null,
  constraint exchange_rate_pkey PRIMARY KEY (business_id, dated_on, from_currency, to_currency),
  constraint exchange_rate_minor_rate_check CHECK ((minor_rate > (0)::numeric)),
  constraint exchange_rate_rate_check CHECK ((rate > (0)::numeric))
);
comment on table exchange_rate is 'A rate of exchange from the business''s rates file.';
comment on column exchange_rate.business_id is 'whose rates';
comment on column exchange_rate.dated_on is 'the date of the rate';
comment on column exchange_rate.from_currency is 'ISO 4217';
comment on column exchange_rate.to_currency is 'ISO 4217';
comment on column exchange_rate.rate is 'so much of to_currency for one of from_currency';
comment on column exchange_rate.minor_rate is 'the same in minor units: so many of to_currency for one of from_currency';

create table fee_amount (
  business_id uuid not null,
  month text collate "C" not null,
  processor text collate "C" not null,
  account text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null,
  by_name text not null,
  at timestamp with time zone not null,
  note text,
  constraint fee_amount_pkey PRIMARY KEY (business_id, month, processor, account, currency),
  constraint fee_amount_amount_check CHECK ((amount >= 0)),
  constraint fee_amount_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text))
);
comment on table fee_amount is 'What a processor''s invoice says of a month''s fees, typed in: in the place of the account''s fee lines.';
comment on column fee_amount.business_id is 'whose fees';
comment on column fee_amount.month is 'YYYY-MM';
comment on column fee_amount.processor is 'the processor';
comment on column fee_amount.account is ''''' where the processor has just one';
comment on column fee_amount.currency is 'ISO 4217';
comment on column fee_amount.amount is 'a cost, in minor units';
comment on column fee_amount.by_name is 'who typed it in';
comment on column fee_amount.at is 'by the clock';
comment on column fee_amount.note is 'in words';

create table fee_policy (
  business_id uuid not null,
  processor text collate "C" not null,
  from_month date not null,
  tie text collate "C" not null,
  categories text[] not null default '{}'::text[],
  constraint fee_policy_pkey PRIMARY KEY (business_id, processor, from_month),
  constraint fee_policy_tie_check CHECK ((tie = ANY (ARRAY['per_refund'::text, 'month'::text, 'none'::text])))
);
comment on table fee_policy is 'How a processor''s fees are compared from a month on.';
comment on column fee_policy.business_id is 'whose policy';
comment on column fee_policy.processor is 'the processor';
comment on column fee_policy.from_month is 'the first of the month from which it is in force';
comment on column fee_policy.tie is 'the level at which fees are compared';
comment on column fee_policy.categories is 'of tie month: the words of the file whose lines are fee lines';

create table fee_span (
  business_id uuid not null,
  processor text collate "C" not null,
  from_month date not null,
  before_month date not null,
  refund_fee_tie text collate "C" not null,
  returned_fee_tie text collate "C" not null,
  categories text[] not null,
  constraint fee_span_pkey PRIMARY KEY (business_id, processor, from_month),
  constraint fee_span_refund_fee_tie_check CHECK ((refund_fee_tie = ANY (ARRAY['per_refund'::text, 'month'::text, 'none'::text]))),
  constraint fee_span_returned_fee_tie_check CHECK ((returned_fee_tie = ANY (ARRAY['per_refund'::text, 'month'::text, 'none'::text])))
);
comment on table fee_span is 'At which level a processor''s fees are compared in a span of months: the view fee_rule, as of the last run.';
comment on column fee_span.business_id is 'whose fees';
comment on column fee_span.processor is 'the processor';
comment on column fee_span.from_month is 'the first month of the span; -infinity: from the beginning';
comment on column fee_span.before_month is 'the month after the span; infinity: still';
comment on column fee_span.refund_fee_tie is 'the level at which refund fees are compared';
comment on column fee_span.returned_fee_tie is 'the level at which returned fees are compared';
comment on column fee_span.categories is 'of tie month: the words of the file whose lines are fee lines';

create table ledger_leg (
  business_id uuid not null,
  leg_no bigint not null default nextval('item_no'::regclass),
  direction text collate "C" not null,
  refund_id text collate "C" not null,
  leg_id text collate "C" not null,
  ordinal integer not null,
  external_id text collate "C",
  processor_named text collate "C",
  method text collate "C",
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  completed_at timestamp with time zone,
  completed_on date not null,
  identity_keys text[] collate "C" not null,
  payment_keys text[] collate "C" not null default '{}'::text[],
  active boolean not null default true,
  constraint ledger_leg_pkey PRIMARY KEY (business_id, leg_no),
  constraint ledger_leg_business_id_direction_refund_id_leg_id_ordinal_key UNIQUE (business_id, direction, refund_id, leg_id, ordinal),
  constraint ledger_leg_amount_check CHECK ((amount >= 0)),
  constraint ledger_leg_refund_fee_check CHECK ((refund_fee >= 0)),
  constraint ledger_leg_returned_fee_check CHECK ((returned_fee >= 0))
);
comment on table ledger_leg is 'A leg: an element of a refund''s payments[]. One that its refund no longer has stays, not active.';
comment on column ledger_leg.business_id is 'the business';
comment on column ledger_leg.leg_no is 'the item''s number';
comment on column ledger_leg.direction is 'of its refund';
comment on column ledger_leg.refund_id is 'of its refund';
comment on column ledger_leg.leg_id is 'payments[].id';
comment on column ledger_leg.ordinal is '0 for the first leg of this id in its refund, 1 for the second';
comment on column ledger_leg.external_id is 'as written';
comment on column ledger_leg.processor_named is 'trimmed, upper case, before aliases; null: none is named';
comment on column ledger_leg.method is 'trimmed, upper case';
comment on column ledger_leg.amount is 'minor units of the business''s currency';
comment on column ledger_leg.refund_fee is 'a cost';
comment on column ledger_leg.returned_fee is 'given back of the payment''s fee';
comment on column ledger_leg.completed_at is 'as given, midnight UTC under ledger_dates date too; null where only a date is known';
comment on column ledger_leg.completed_on is 'in the business''s time zone';
comment on column ledger_leg.identity_keys is 'in order: trimmed, without a leading #, none empty';
comment on column ledger_leg.payment_keys is 'those of its refund';
comment on column ledger_leg.active is 'whether the ledger has its refund and its refund has it';

create table ledger_page (
  business_id uuid not null,
  pull_id bigint not null,
  page_no integer not null,
  refunds integer not null,
  codec text not null,
  raw bytea not null,
  is_stripped boolean not null default false,
  constraint ledger_page_pkey PRIMARY KEY (business_id, pull_id, page_no)
);
comment on table ledger_page is 'Some 250 contents of refunds as received, compressed together. Every content that was ever seen is in one.';
comment on column ledger_page.business_id is 'the business';
comment on column ledger_page.pull_id is 'the pull that brought them';
comment on column ledger_page.page_no is 'within the pull, from 0';
comment on column ledger_page.refunds is 'how many contents it holds';
comment on column ledger_page.codec is 'how raw is compressed: brotli';
comment on column ledger_page.raw is 'JSON texts as received, the record separator U+001E between two; of who was erased, and after the retention, without details of people';
comment on column ledger_page.is_stripped is 'no content of it holds details of people: its retention is over';

create table ledger_refund (
  business_id uuid not null,
  direction text collate "C" not null,
  refund_id text collate "C" not null,
  content_hash text collate "C" not null,
  external_id text collate "C",
  refunded_amount bigint not null,
  status text,
  completed_at timestamp with time zone,
  completed_on date,
  reference_number text collate "C",
  reference_keys text[] collate "C" not null,
  payment_keys text[] collate "C" not null,
  keys_written json,
  allocation_amounts bigint[],
  allocation_line_sums bigint[],
  allocations_sum bigint,
  payments_sum bigint,
  line_items_differ boolean not null default false,
  first_pull_id bigint not null,
  changed_pull_id bigint not null,
  last_pull_id bigint not null,
  removed_pull_id bigint,
  content_pull_id bigint not null,
  content_page integer not null,
  content_place integer not null,
  constraint ledger_refund_pkey PRIMARY KEY (business_id, direction, refund_id),
  constraint ledger_refund_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text]))),
  constraint ledger_refund_refunded_amount_check CHECK ((refunded_amount >= 0))
);
comment on table ledger_refund is 'A refund of the ledger ever seen: its current version. One that is gone has removed_pull_id.';
comment on column ledger_refund.business_id is 'the business';
comment on column ledger_refund.direction is 'of an invoice or of a bill';
comment on column ledger_refund.refund_id is 'Layer''s id';
comment on column ledger_refund.content_hash is 'of the current version';
comment on column ledger_refund.external_id is 'as written';
comment on column ledger_refund.refunded_amount is 'minor units of the business''s currency';
comment on column ledger_refund.status is 'as written';
comment on column ledger_refund.completed_at is 'as given, midnight UTC under ledger_dates date too; null where the ledger gave none or a date alone';
comment on column ledger_refund.completed_on is 'in the business''s time zone';
comment on column ledger_refund.reference_number is 'as written';
comment on column ledger_refund.reference_keys is 'of all allocations, then reference_number: trimmed, without a leading #, each once';
comment on column ledger_refund.payment_keys is 'those of them that name a payment';
comment on column ledger_refund.keys_written is 'beside reference_keys: each as written, where any bears a #; else null';
comment on column ledger_refund.allocation_amounts is 'null: no allocations given';
comment on column ledger_refund.allocation_line_sums is 'beside allocation_amounts: the sum of its line items, null where it has none';
comment on column ledger_refund.allocations_sum is 'the sum of allocation_amounts, 0 of none; null: no allocations given';
comment on column ledger_refund.payments_sum is 'null: no payments given';
comment on column ledger_refund.line_items_differ is 'whether an allocation''s line items do not sum to it';
comment on column ledger_refund.first_pull_id is 'the pull that brought it first';
comment on column ledger_refund.changed_pull_id is 'the pull that brought the current version';
comment on column ledger_refund.last_pull_id is 'of a removed one: the last pull known to have held it; else as changed_pull_id';
comment on column ledger_refund.removed_pull_id is 'the complete pull that no longer held it';
comment on column ledger_refund.content_pull_id is 'the pull that brought its content: of the page in ledger_page';
comment on column ledger_refund.content_page is 'the page in ledger_page that holds its content';
comment on column ledger_refund.content_place is 'the content''s place in that page, from 0';

create table ledger_refund_version (
  business_id uuid not null,
  direction text collate "C" not null,
  refund_id text collate "C" not null,
  content_hash text collate "C" not null,
  content_pull_id bigint not null,
  content_page integer not null,
  content_place integer not null,
  constraint ledger_refund_version_pkey PRIMARY KEY (business_id, direction, refund_id, content_pull_id)
);
comment on table ledger_refund_version is 'An earlier version of a refund: where the content lies that it had. ledger_refund says it of the current one.';
comment on column ledger_refund_version.business_id is 'the business';
comment on column ledger_refund_version.direction is 'of the refund';
comment on column ledger_refund_version.refund_id is 'the refund';
comment on column ledger_refund_version.content_hash is 'of that content';
comment on column ledger_refund_version.content_pull_id is 'the pull that brought it: of the page in ledger_page';
comment on column ledger_refund_version.content_page is 'the page in ledger_page that holds it';
comment on column ledger_refund_version.content_place is 'its place in that page, from 0';

create table match_before (
  business_id uuid not null,
  match_no bigint not null,
  pass text collate "C" not null,
  leg_no bigint,
  row_no bigint
);
comment on table match_before is 'The matches as they were before everything is matched anew, only while that is done: to say how many changed.';
comment on column match_before.business_id is 'the business';
comment on column match_before.match_no is 'the match';
comment on column match_before.pass is 'the pass that made it';
comment on column match_before.leg_no is 'the leg';
comment on column match_before.row_no is 'the row';

create table match_item (
  business_id uuid not null,
  match_no bigint not null,
  pass text collate "C" not null,
  leg_no bigint,
  row_no bigint,
  leg_amount bigint,
  balanced boolean not null default false,
  constraint match_item_business_id_leg_no_key UNIQUE (business_id, leg_no),
  constraint match_item_business_id_row_no_key UNIQUE (business_id, row_no),
  constraint match_item_check CHECK ((num_nonnulls(leg_no, row_no) > 0))
);
comment on table match_item is 'What is matched: a pair of a leg and a row in one record; of a larger match one record for each leg and each row.';
comment on column match_item.business_id is 'the business';
comment on column match_item.match_no is 'the match: the number of its first leg, else of its first row';
comment on column match_item.pass is 'the pass that made it';
comment on column match_item.leg_no is 'the leg';
comment on column match_item.row_no is 'the row';
comment on column match_item.leg_amount is 'the leg''s amount when it was matched: what the totals of the passes hold of it';
comment on column match_item.balanced is 'whether no check has anything to say of it under the settings it was judged by';

create table match_total (
  business_id uuid not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  pass text collate "C" not null,
  legs bigint not null,
  rows bigint not null,
  amount numeric not null,
  count bigint not null,
  constraint match_total_pkey PRIMARY KEY (business_id, direction, processor, pass)
);
comment on table match_total is 'The matches of a pass, summed.';
comment on column match_total.business_id is 'the business';
comment on column match_total.direction is 'customer or vendor';
comment on column match_total.processor is 'of the rows';
comment on column match_total.pass is 'the pass';
comment on column match_total.legs is 'how many legs';
comment on column match_total.rows is 'how many rows, reversals too';
comment on column match_total.amount is 'of the legs';
comment on column match_total.count is 'how many matches';

create table month_cause (
  business_id uuid not null,
  month text collate "C" not null,
  direction text collate "C" not null,
  currency text collate "C" not null,
  code text collate "C" not null,
  amount numeric not null,
  gross numeric not null,
  refund_fee numeric not null,
  returned_fee numeric not null,
  constraint month_cause_pkey PRIMARY KEY (business_id, month, direction, currency, code),
  constraint month_cause_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text))
);
comment on table month_cause is 'What leads from a month''s ledger total to its processor total, by cause, as the last run found it.';
comment on column month_cause.business_id is 'the business';
comment on column month_cause.month is 'YYYY-MM';
comment on column month_cause.direction is 'customer or vendor';
comment on column month_cause.currency is 'of the amounts';
comment on column month_cause.code is 'of the findings';
comment on column month_cause.amount is 'their effects on refunds, ledger less processor, minor units';
comment on column month_cause.gross is 'the sum of the absolute values of these';
comment on column month_cause.refund_fee is 'likewise of refund fees, net';
comment on column month_cause.returned_fee is 'likewise of returned fees, net';

create table month_verdict (
  business_id uuid not null,
  month text collate "C" not null,
  verdict text collate "C" not null,
  reasons json not null,
  constraint month_verdict_pkey PRIMARY KEY (business_id, month),
  constraint month_verdict_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text)),
  constraint month_verdict_verdict_check CHECK ((verdict = ANY (ARRAY['incomplete'::text, 'discrepant'::text, 'waiting'::text, 'reconciled'::text])))
);
comment on table month_verdict is 'What may be said of a month.';
comment on column month_verdict.business_id is 'the business';
comment on column month_verdict.month is 'YYYY-MM';
comment on column month_verdict.verdict is 'in one word';
comment on column month_verdict.reasons is '[{code, text, count}], count of items to correct and of refunds still to arrive';

create table note (
  business_id uuid not null,
  code text collate "C" not null,
  place integer not null,
  text text not null,
  count bigint,
  amount numeric,
  constraint note_pkey PRIMARY KEY (business_id, code, place)
);
comment on table note is 'Something that a reader of the report should know, as of the last run.';
comment on column note.business_id is 'the business';
comment on column note.code is 'which note';
comment on column note.place is 'among several of one code';
comment on column note.text is 'in words';
comment on column note.count is 'null where it says nothing';
comment on column note.amount is 'minor units; null where it says nothing';

create table open_item (
  business_id uuid not null,
  item_no bigint not null,
  side text collate "C" not null,
  state text collate "C" not null,
  island_no bigint,
  constraint open_item_pkey PRIMARY KEY (business_id, item_no),
  constraint open_item_check CHECK (((state = 'ambiguous'::text) = (island_no IS NOT NULL))),
  constraint open_item_side_check CHECK ((side = ANY (ARRAY['leg'::text, 'row'::text]))),
  constraint open_item_state_check CHECK ((state = ANY (ARRAY['unmatched'::text, 'duplicate'::text, 'ambiguous'::text])))
);
comment on table open_item is 'A leg or row that is in no match, as the last run left it.';
comment on column open_item.business_id is 'the business';
comment on column open_item.item_no is 'the leg''s or row''s number';
comment on column open_item.side is 'which of the two';
comment on column open_item.state is 'why it is open';
comment on column open_item.island_no is 'of an ambiguous one: the least number of its island''s items';

create table outside_total (
  business_id uuid not null,
  direction text collate "C" not null,
  method text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  month text collate "C" not null,
  legs bigint not null,
  amount numeric not null,
  constraint outside_total_pkey PRIMARY KEY (business_id, direction, method, processor, currency, month),
  constraint outside_total_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text))
);
comment on table outside_total is 'Legs outside processors, summed by month.';
comment on column outside_total.business_id is 'the business';
comment on column outside_total.direction is 'customer or vendor';
comment on column outside_total.method is 'how the money moved';
comment on column outside_total.processor is 'as named, through the aliases; '''' where none is named';
comment on column outside_total.currency is 'the business''s';
comment on column outside_total.month is 'YYYY-MM';
comment on column outside_total.legs is 'how many';
comment on column outside_total.amount is 'their sum';

create table over_refund (
  business_id uuid not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  payment_nos bigint[] not null,
  row_nos bigint[] not null,
  constraint over_refund_pkey PRIMARY KEY (business_id, direction, payment_nos)
);
comment on table over_refund is 'Rows of one processor, currency and direction that hang together by payment ids and refund more than was paid.';
comment on column over_refund.business_id is 'the business';
comment on column over_refund.direction is 'of the refunds';
comment on column over_refund.processor is 'whose rows';
comment on column over_refund.currency is 'of the rows';
comment on column over_refund.payment_nos is 'the payments';
comment on column over_refund.row_nos is 'all rows, payments too, in order';

create table processor_account (
  business_id uuid not null,
  processor text collate "C" not null,
  account text collate "C" not null,
  first_day date,
  last_day date,
  files_cover text collate "C" not null default 'dates'::text,
  coverage_hole_days integer not null,
  lines text collate "C" not null default 'overlap'::text,
  constraint processor_account_pkey PRIMARY KEY (business_id, processor, account),
  constraint processor_account_coverage_hole_days_check CHECK ((coverage_hole_days >= 0)),
  constraint processor_account_files_cover_check CHECK ((files_cover = ANY (ARRAY['dates'::text, 'month'::text, 'year'::text]))),
  constraint processor_account_lines_check CHECK ((lines = ANY (ARRAY['overlap'::text, 'distinct'::text])))
);
comment on table processor_account is 'A configured account of a processor, with what is asked of its files.';
comment on column processor_account.business_id is 'whose account';
comment on column processor_account.processor is 'the processor';
comment on column processor_account.account is ''''' where the processor has just one';
comment on column processor_account.first_day is 'from when files are asked; null: always';
comment on column processor_account.last_day is 'until when files are asked; null: still';
comment on column processor_account.files_cover is 'what a file stands for';
comment on column processor_account.coverage_hole_days is 'holes of up to so many days count as covered';
comment on column processor_account.lines is 'equal lines of two files without ids: one line or two';

create table processor_alias (
  business_id uuid not null,
  alias text collate "C" not null,
  processor text collate "C" not null,
  constraint processor_alias_pkey PRIMARY KEY (business_id, alias)
);
comment on table processor_alias is 'Another name by which the ledger may call a processor.';
comment on column processor_alias.business_id is 'whose alias';
comment on column processor_alias.alias is 'trimmed, upper case';
comment on column processor_alias.processor is 'the configured name';

create table processor_file (
  business_id uuid not null,
  file_id bigint not null generated always as identity,
  processor text collate "C" not null,
  account text collate "C" not null,
  name text not null,
  path text not null,
  sha256 text collate "C" not null,
  bytes bigint not null,
  empty_for text collate "C" not null default ''::text,
  format text not null,
  id_family text collate "C" not null default ''::text,
  refund_id_pattern text,
  payment_id_patterns text[] not null default '{}'::text[],
  has_refund_fees boolean not null default true,
  has_returned_fees boolean not null default true,
  state text collate "C" not null default 'imported'::text,
  as_of timestamp with time zone not null,
  imported_at timestamp with time zone not null,
  records bigint not null,
  accepted bigint not null,
  known bigint not null,
  same_as_earlier bigint not null default 0,
  quarantined bigint not null,
  covers_from date,
  covers_to date,
  covers_from_at timestamp with time zone,
  covers_to_at timestamp with time zone,
  coverage_source text not null,
  stray_lines json not null default '[]'::json,
  totals json not null,
  totals_hold boolean not null,
  categories json not null,
  brought json not null,
  row_list bytea,
  constraint processor_file_pkey PRIMARY KEY (business_id, file_id),
  constraint processor_file_business_id_processor_account_sha256_empty_f_key UNIQUE (business_id, processor, account, sha256, empty_for),
  constraint processor_file_coverage_source_check CHECK ((coverage_source = ANY (ARRAY['given'::text, 'stated'::text, 'dates'::text, 'none'::text]))),
  constraint processor_file_state_check CHECK ((state = ANY (ARRAY['imported'::text, 'withdrawn'::text])))
);
comment on table processor_file is 'An imported file of a processor.';
comment on column processor_file.business_id is 'the business';
comment on column processor_file.file_id is 'in the order of import';
comment on column processor_file.processor is 'whose file';
comment on column processor_file.account is ''''' where the processor has just one';
comment on column processor_file.name is 'without folders';
comment on column processor_file.path is 'as given or found, relative to the configuration''s folder where it lies below it';
comment on column processor_file.sha256 is 'of its bytes';
comment on column processor_file.bytes is 'its size';
comment on column processor_file.empty_for is 'of a file without a line the period it is empty for, as the same bytes can stand for several: FROM..TO; else empty';
comment on column processor_file.format is 'the format it was read in';
comment on column processor_file.id_family is 'formats of one family give a line the same transaction id';
comment on column processor_file.refund_id_pattern is 'the shape of this format''s refund ids';
comment on column processor_file.payment_id_patterns is 'the shapes of this format''s payment ids, one for each kind';
comment on column processor_file.has_refund_fees is 'whether the format can say refund fees';
comment on column processor_file.has_returned_fees is 'whether the format can say returned fees';
comment on column processor_file.state is 'withdrawn: its rows and coverage do not count';
comment on column processor_file.as_of is 'of the run that imported it: it can hold nothing of later days';
comment on column processor_file.imported_at is 'by the clock';
comment on column processor_file.records is 'read: accepted, known and quarantined';
comment on column processor_file.accepted is 'rows new with this file';
comment on column processor_file.known is 'rows that were there already';
comment on column processor_file.same_as_earlier is 'of known, lines without an id of their own: taken for lines of earlier files, as they say the same';
comment on column processor_file.quarantined is 'lines that could not be read or contradict a row';
comment on column processor_file.covers_from is 'null: it covers nothing';
comment on column processor_file.covers_to is 'the last date covered';
comment on column processor_file.covers_from_at is 'of a stated period with times: its first instant';
comment on column processor_file.covers_to_at is 'of a stated period with times: its last instant';
comment on column processor_file.coverage_source is 'how the coverage is known';
comment on column processor_file.stray_lines is '[{line, dated_on}]: lines that cover nothing, their dates being too late or far from all others; ten at most';
comment on column processor_file.totals is '[{name, stated, read, holds}]';
comment on column processor_file.totals_hold is 'whether all stated totals hold';
comment on column processor_file.categories is '[{category, type, currency, count, amount}]';
comment on column processor_file.brought is '[{currency, rows, first_id, last_id, amount}], numbers as text';
comment on column processor_file.row_list is 'the rows that it has, brought or known: row_no ascending, each as a row_step from the one before; null: none';

create table processor_row (
  business_id uuid not null,
  row_no bigint not null default nextval('item_no'::regclass),
  processor text collate "C" not null,
  account text collate "C" not null,
  transaction_id text collate "C" not null,
  type text collate "C" not null,
  category text,
  refund_id text collate "C",
  payment_ids text[] collate "C" not null,
  reference_ids text[] collate "C" not null,
  keys_written json,
  amount bigint not null,
  refund_fee bigint not null,
  returned_fee bigint not null,
  currency text collate "C" not null,
  presented_amount bigint,
  presented_currency text collate "C",
  occurred_at timestamp with time zone,
  occurred_on date not null,
  available_on date,
  payout_id text collate "C",
  file_id bigint not null,
  line bigint not null,
  active boolean not null default true,
  direction text collate "C" not null default 'customer'::text,
  reversal_of bigint,
  constraint processor_row_pkey PRIMARY KEY (business_id, row_no),
  constraint processor_row_transaction UNIQUE (business_id, transaction_id, processor, account),
  constraint processor_row_check CHECK (((type <> ALL (ARRAY['refund'::text, 'vendor_refund'::text])) OR ((amount >= 0) AND (refund_fee >= 0) AND (returned_fee >= 0)))),
  constraint processor_row_check1 CHECK (((type <> 'refund_reversal'::text) OR (amount <= 0))),
  constraint processor_row_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text]))),
  constraint processor_row_type_check CHECK ((type = ANY (ARRAY['refund'::text, 'refund_reversal'::text, 'vendor_refund'::text, 'payment'::text, 'chargeback'::text, 'chargeback_reversal'::text, 'other'::text])))
);
comment on table processor_row is 'A line, or a group of lines, of a processor''s report in canonical form.';
comment on column processor_row.business_id is 'the business';
comment on column processor_row.row_no is 'the item''s number';
comment on column processor_row.processor is 'whose row';
comment on column processor_row.account is ''''' where the processor has just one';
comment on column processor_row.transaction_id is 'the processor''s id of the line';
comment on column processor_row.type is 'what it is';
comment on column processor_row.category is 'the file''s own word for it';
comment on column processor_row.refund_id is 'the processor''s id of the refund, without a leading #';
comment on column processor_row.payment_ids is 'the processor''s ids of the refunded payment, without a leading #';
comment on column processor_row.reference_ids is 'further references, without a leading #';
comment on column processor_row.keys_written is '{transaction_id, refund_id, payment_ids, reference_ids} as written, lists in the order of those held, where any differs; else null';
comment on column processor_row.amount is 'minor units; positive for a refund and a chargeback, negative for their reversals';
comment on column processor_row.refund_fee is 'minor units; a cost';
comment on column processor_row.returned_fee is 'minor units; given back of the payment''s fee';
comment on column processor_row.currency is 'of the settlement amounts, ISO 4217';
comment on column processor_row.presented_amount is 'what the customer saw, in minor units, with the sign of amount; null: not said';
comment on column processor_row.presented_currency is 'of presented_amount';
comment on column processor_row.occurred_at is 'null where the file has no time';
comment on column processor_row.occurred_on is 'in the business''s time zone, or the file''s own date';
comment on column processor_row.available_on is 'when the money is available';
comment on column processor_row.payout_id is 'the payout it is part of';
comment on column processor_row.file_id is 'the file that brought it';
comment on column processor_row.line is 'the record''s first physical line, from 1';
comment on column processor_row.active is 'false: its file was withdrawn';
comment on column processor_row.direction is 'vendor for a vendor refund and, once a run has tied it, for its reversal';
comment on column processor_row.reversal_of is 'of a reversal: the refund row it belongs to, as the last run tied it';

create table processor_row_version (
  business_id uuid not null,
  row_no bigint not null,
  version_no bigint not null generated always as identity,
  file_id bigint not null,
  was json not null,
  constraint processor_row_version_pkey PRIMARY KEY (business_id, row_no, version_no)
);
comment on table processor_row_version is 'A row as it was before a person accepted a conflicting line in its place.';
comment on column processor_row_version.business_id is 'the business';
comment on column processor_row_version.row_no is 'the row';
comment on column processor_row_version.version_no is 'the later version has the higher number';
comment on column processor_row_version.file_id is 'the file of that version';
comment on column processor_row_version.was is 'the columns of processor_row as they were';

create table processor_setting (
  business_id uuid not null,
  processor text collate "C" not null,
  settlement_lag_days integer not null,
  date_window_days integer not null,
  usual_lag_days integer not null default 0,
  match_payouts boolean not null default false,
  amount_tolerance bigint not null,
  fee_tolerance bigint not null,
  refund_id_pattern text,
  payment_id_pattern text,
  constraint processor_setting_pkey PRIMARY KEY (business_id, processor),
  constraint processor_setting_amount_tolerance_check CHECK ((amount_tolerance >= 0)),
  constraint processor_setting_date_window_days_check CHECK ((date_window_days >= 0)),
  constraint processor_setting_fee_tolerance_check CHECK ((fee_tolerance >= 0)),
  constraint processor_setting_settlement_lag_days_check CHECK ((settlement_lag_days >= 0))
);
comment on table processor_setting is 'A configured processor with the settings that all its accounts share.';
comment on column processor_setting.business_id is 'whose setting';
comment on column processor_setting.processor is 'trimmed, upper case';
comment on column processor_setting.settlement_lag_days is 'days until a leg without a row is an error';
comment on column processor_setting.date_window_days is 'how far neighbours of an island lie apart (pass 5)';
comment on column processor_setting.usual_lag_days is 'the processor dates a refund so many days after the books';
comment on column processor_setting.match_payouts is 'whether a leg may stand for a whole payout';
comment on column processor_setting.amount_tolerance is 'minor units';
comment on column processor_setting.fee_tolerance is 'minor units';
comment on column processor_setting.refund_id_pattern is 'the shape of refund ids that a mapping names; null: what the files'' formats say';
comment on column processor_setting.payment_id_pattern is 'the shape of payment ids that a mapping names; null: what the files'' formats say';

create table pull (
  business_id uuid not null,
  pull_id bigint not null generated always as identity,
  direction text collate "C" not null,
  as_of timestamp with time zone not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone not null,
  complete boolean not null,
  maybe_cut boolean not null,
  refunds bigint not null,
  quarantined bigint not null,
  quarantined_without_id bigint not null default 0,
  empty_legs bigint not null default 0,
  pages integer not null,
  bytes bigint not null,
  sha256 text not null,
  problem text,
  page_ends text[] collate "C" not null default '{}'::text[],
  constraint pull_pkey PRIMARY KEY (business_id, pull_id),
  constraint pull_direction_check CHECK ((direction = ANY (ARRAY['customer'::text, 'vendor'::text])))
);
comment on table pull is 'A listing asked for: all refunds of a direction.';
comment on column pull.business_id is 'the business';
comment on column pull.pull_id is 'in the order in which they were made';
comment on column pull.direction is 'invoice or bill refunds';
comment on column pull.as_of is 'of its run';
comment on column pull.started_at is 'by the clock';
comment on column pull.finished_at is 'by the clock';
comment on column pull.complete is 'whether the whole listing arrived and was read';
comment on column pull.maybe_cut is 'a bare array of exactly 100 refunds: it concludes nothing';
comment on column pull.refunds is 'received and accepted';
comment on column pull.quarantined is 'received and not readable';
comment on column pull.quarantined_without_id is 'of these, those without a readable id';
comment on column pull.empty_legs is 'payments whose amount and fees are all 0, of the refunds that the ledger then holds';
comment on column pull.pages is 'pages of the listing';
comment on column pull.bytes is 'of all bodies';
comment on column pull.sha256 is 'of all bodies received, in order';
comment on column pull.problem is 'why it is not complete';
comment on column pull.page_ends is 'the SHA-256 of the bodies up to the end of each page, of the last pull only';

create table quarantine (
  business_id uuid not null,
  quarantine_id bigint not null generated always as identity,
  pull_id bigint,
  file_id bigint,
  source text not null,
  line bigint,
  kind text not null,
  state text not null default 'open'::text,
  settled_file_id bigint,
  reason text not null,
  raw text not null,
  line_values json,
  item_id text collate "C",
  dated_on date,
  processor text collate "C",
  account text collate "C",
  constraint quarantine_pkey PRIMARY KEY (business_id, quarantine_id),
  constraint quarantine_check CHECK ((num_nonnulls(pull_id, file_id) = 1)),
  constraint quarantine_check1 CHECK (((state = 'settled'::text) = (settled_file_id IS NOT NULL))),
  constraint quarantine_kind_check CHECK ((kind = ANY (ARRAY['unreadable'::text, 'conflict'::text]))),
  constraint quarantine_state_check CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'dismissed'::text, 'settled'::text])))
);
comment on table quarantine is 'A refund or a line that could not be taken in, with what was there. raw holds no customer''s details.';
comment on column quarantine.business_id is 'the business';
comment on column quarantine.quarantine_id is 'its number';
comment on column quarantine.pull_id is 'of a refund: the pull';
comment on column quarantine.file_id is 'of a line: the file';
comment on column quarantine.source is 'for people: a file''s name, or the listing';
comment on column quarantine.line is 'of a file: the physical line; of a pull: the refund''s place';
comment on column quarantine.kind is 'conflict: it contradicts a stored row';
comment on column quarantine.state is 'open: it counts; accepted, dismissed: a person decided; settled: a later file has the line without conflict, or all that the file of an unreadable line should have';
comment on column quarantine.settled_file_id is 'of a settled line: that later file';
comment on column quarantine.reason is 'in words';
comment on column quarantine.raw is 'what was there';
comment on column quarantine.line_values is 'of a conflict: the line in the columns of processor_row, for a person to accept';
comment on column quarantine.item_id is 'refund_id or transaction_id, where it could be read';
comment on column quarantine.dated_on is 'where it could be read';
comment on column quarantine.processor is 'of a file';
comment on column quarantine.account is 'of a file';

create table reconciliation (
  business_id uuid not null,
  as_of timestamp with time zone not null,
  finished_at timestamp with time zone not null,
  item_mark bigint not null,
  matching_settings text not null,
  judging_settings text not null,
  matched_by text not null default ''::text,
  constraint reconciliation_pkey PRIMARY KEY (business_id)
);
comment on table reconciliation is 'When a business was last reconciled, and how far it was looked at.';
comment on column reconciliation.business_id is 'the business';
comment on column reconciliation.as_of is 'of the last run';
comment on column reconciliation.finished_at is 'by the clock';
comment on column reconciliation.item_mark is 'legs and rows up to this number were looked at';
comment on column reconciliation.matching_settings is 'a hash of the settings that decide matches, as of the last run over everything';
comment on column reconciliation.judging_settings is 'a hash of the settings that decide what a match needs, as of the last run';
comment on column reconciliation.matched_by is 'a hash of what the last run matched by beside legs and rows: settings, files, rulings, version';

create table ruling (
  business_id uuid not null,
  ruling_id text collate "C" not null,
  kind text collate "C" not null,
  leg_nos bigint[] not null,
  row_nos bigint[] not null,
  by_name text not null,
  at timestamp with time zone not null,
  note text,
  forgotten_at timestamp with time zone,
  made_no bigint not null generated always as identity,
  constraint ruling_pkey PRIMARY KEY (business_id, ruling_id),
  constraint ruling_kind_check CHECK ((kind = ANY (ARRAY['match'::text, 'unmatch'::text])))
);
comment on table ruling is 'What a person ruled about matching: above the passes, and kept by every run.';
comment on column ruling.business_id is 'the business';
comment on column ruling.ruling_id is 'its name';
comment on column ruling.kind is 'match: these are one match; unmatch: these are never matched';
comment on column ruling.leg_nos is 'the legs';
comment on column ruling.row_nos is 'the rows';
comment on column ruling.by_name is 'who ruled';
comment on column ruling.at is 'when';
comment on column ruling.note is 'why';
comment on column ruling.forgotten_at is 'when it was taken back; null: it stands';
comment on column ruling.made_no is 'in the order in which they were made, of all businesses';

create table run (
  business_id uuid not null,
  run_id bigint not null generated always as identity,
  job text not null,
  as_of timestamp with time zone not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  outcome text not null,
  problem text,
  steps json,
  constraint run_pkey PRIMARY KEY (business_id, run_id),
  constraint run_outcome_check CHECK ((outcome = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
);
comment on table run is 'A job of a business. Written outside the job''s own transaction, so that a failure leaves its trace.';
comment on column run.business_id is 'the business';
comment on column run.run_id is 'numbers of all businesses';
comment on column run.job is 'the command';
comment on column run.as_of is 'the instant that dates pulls, lags and ages';
comment on column run.started_at is 'by the clock';
comment on column run.finished_at is 'by the clock; null while it runs, or where it was killed';
comment on column run.outcome is 'how it ended';
comment on column run.problem is 'why it failed';
comment on column run.steps is '[{step, started_at, finished_at}] by the clock; null while it runs';

create table tie_out_line (
  business_id uuid not null,
  direction text collate "C" not null,
  processor text collate "C" not null,
  currency text collate "C" not null,
  month text collate "C" not null,
  measure text collate "C" not null,
  tied text collate "C",
  ledger numeric not null,
  processor_total numeric not null,
  fee_lines bigint not null default 0,
  difference numeric not null,
  explained numeric not null,
  unexplained numeric not null,
  gross numeric not null,
  findings bigint not null default 0,
  constraint tie_out_line_pkey PRIMARY KEY (business_id, direction, processor, currency, month, measure),
  constraint tie_out_line_measure_check CHECK ((measure = ANY (ARRAY['amount'::text, 'refund_fee'::text, 'returned_fee'::text]))),
  constraint tie_out_line_month_check CHECK ((month ~ '^[0-9]{4}-[0-9]{2}$'::text)),
  constraint tie_out_line_tied_check CHECK ((tied = ANY (ARRAY['per_refund'::text, 'month'::text, 'none'::text])))
);
comment on table tie_out_line is 'The tie-out of a month: both sides, and what explains their difference.';
comment on column tie_out_line.business_id is 'the business';
comment on column tie_out_line.direction is 'customer or vendor';
comment on column tie_out_line.processor is 'as resolved through the aliases, or UNASSIGNED';
comment on column tie_out_line.currency is 'ISO 4217';
comment on column tie_out_line.month is 'YYYY-MM';
comment on column tie_out_line.measure is 'what is summed';
comment on column tie_out_line.tied is 'of fees: the level at which they are compared';
comment on column tie_out_line.ledger is 'the legs'' total';
comment on column tie_out_line.processor_total is 'the rows'' total, with fee lines';
comment on column tie_out_line.fee_lines is 'how many fee lines the month has';
comment on column tie_out_line.difference is 'ledger less processor_total';
comment on column tie_out_line.explained is 'the sum of the effects';
comment on column tie_out_line.unexplained is 'difference less explained: a bug when it is not 0';
comment on column tie_out_line.gross is 'the sum of the effects'' absolute values';
comment on column tie_out_line.findings is 'how many findings have the first of their effects on this direction, processor and currency in the month; the same for each measure';

create table touched_item (
  business_id uuid not null,
  item_no bigint not null,
  month_before date not null,
  constraint touched_item_pkey PRIMARY KEY (business_id, item_no, month_before)
);
comment on table touched_item is 'A stored leg or row that changed, or left, since the last run.';
comment on column touched_item.business_id is 'the business';
comment on column touched_item.item_no is 'the leg''s or row''s number';
comment on column touched_item.month_before is 'the first of the month it lay in before';

CREATE INDEX discrepancy_by_money ON discrepancy USING btree (business_id, size DESC, discrepancy_id) INCLUDE (status, code, processor, figure_currency, dated_on, months, first_seen_at) WHERE (status <> 'cleared'::text);
CREATE INDEX discrepancy_cleared ON discrepancy USING btree (business_id, last_seen_at) WHERE (status = 'cleared'::text);
CREATE INDEX discrepancy_resolved ON discrepancy USING btree (business_id, code, discrepancy_id) WHERE (status = 'resolved'::text);
CREATE INDEX discrepancy_standing ON discrepancy USING btree (business_id, code, dated_on) WHERE (status <> 'cleared'::text);
CREATE INDEX discrepancy_unlisted ON discrepancy USING btree (business_id) WHERE ((words IS NULL) AND (status <> 'cleared'::text));
CREATE INDEX event_assigned ON event USING btree (business_id, subject, event_number) WHERE (kind = 'assigned'::text);
CREATE UNIQUE INDEX event_month_closed ON event USING btree (business_id, subject) WHERE (kind = 'month_closed'::text);
CREATE INDEX event_of_person ON event USING btree (business_id, at) WHERE (actor <> 'run'::text);
CREATE INDEX event_of_run ON event USING btree (business_id, at) WHERE (kind = 'run'::text);
CREATE INDEX event_of_subject ON event USING btree (business_id, subject) WHERE (subject IS NOT NULL);
CREATE INDEX ledger_leg_empty ON ledger_leg USING btree (business_id, direction) WHERE ((amount = 0) AND (refund_fee = 0) AND (returned_fee = 0));
CREATE INDEX ledger_leg_identity_1 ON ledger_leg USING btree (business_id, (identity_keys[1])) WHERE (cardinality(identity_keys) > 0);
CREATE INDEX ledger_leg_identity_2 ON ledger_leg USING btree (business_id, (identity_keys[2])) WHERE (cardinality(identity_keys) > 1);
CREATE INDEX ledger_leg_month ON ledger_leg USING brin (completed_on) WITH (autosummarize='on');
CREATE INDEX ledger_page_unstripped ON ledger_page USING btree (business_id, pull_id, page_no) WHERE (NOT is_stripped);
CREATE INDEX ledger_refund_changed ON ledger_refund USING brin (changed_pull_id);
CREATE INDEX ledger_refund_content ON ledger_refund USING hash (content_hash);
CREATE INDEX ledger_refund_external_id ON ledger_refund USING btree (business_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX ledger_refund_imbalanced ON ledger_refund USING btree (business_id) WHERE ((allocations_sum <> refunded_amount) OR (payments_sum <> refunded_amount) OR line_items_differ);
CREATE INDEX ledger_refund_payment_1 ON ledger_refund USING btree (business_id, (payment_keys[1])) WHERE (cardinality(payment_keys) > 0);
CREATE INDEX ledger_refund_payment_2 ON ledger_refund USING btree (business_id, (payment_keys[2])) WHERE (cardinality(payment_keys) > 1);
CREATE INDEX ledger_refund_payment_more ON ledger_refund USING btree (business_id, refund_id) WHERE (cardinality(payment_keys) > 2);
CREATE INDEX ledger_refund_removed ON ledger_refund USING btree (business_id, removed_pull_id) WHERE (removed_pull_id IS NOT NULL);
CREATE INDEX match_item_cancelled ON match_item USING btree (business_id, row_no) WHERE (pass = 'cancelled'::text);
CREATE INDEX match_item_manual ON match_item USING btree (business_id, match_no) WHERE (pass = 'manual'::text);
CREATE INDEX match_item_match ON match_item USING btree (business_id, match_no);
CREATE INDEX match_item_open ON match_item USING btree (business_id, match_no) WHERE (NOT balanced);
CREATE INDEX processor_row_inactive ON processor_row USING btree (business_id, processor, account, transaction_id) WHERE (NOT active);
CREATE INDEX processor_row_month ON processor_row USING brin (occurred_on) WITH (autosummarize='on');
CREATE INDEX processor_row_payment_1 ON processor_row USING btree (business_id, (payment_ids[1])) WHERE (cardinality(payment_ids) > 0);
CREATE INDEX processor_row_payment_2 ON processor_row USING btree (business_id, (payment_ids[2])) WHERE (cardinality(payment_ids) > 1);
CREATE INDEX processor_row_payment_more ON processor_row USING btree (business_id, row_no) WHERE (cardinality(payment_ids) > 2);
CREATE INDEX processor_row_refund_id ON processor_row USING btree (business_id, refund_id) WHERE (refund_id IS NOT NULL);
CREATE INDEX processor_row_reversal ON processor_row USING btree (business_id, reversal_of) WHERE (type = 'refund_reversal'::text);

CREATE STATISTICS ledger_leg_identity_key_1 ON (identity_keys[1]) FROM ledger_leg;
CREATE STATISTICS ledger_leg_identity_key_2 ON (identity_keys[2]) FROM ledger_leg;
CREATE STATISTICS ledger_refund_payment_key_1 ON (payment_keys[1]) FROM ledger_refund;
CREATE STATISTICS ledger_refund_payment_key_2 ON (payment_keys[2]) FROM ledger_refund;
CREATE STATISTICS ledger_refund_payment_keys ON cardinality(payment_keys) FROM ledger_refund;
CREATE STATISTICS processor_row_payment_id_1 ON (payment_ids[1]) FROM processor_row;
CREATE STATISTICS processor_row_payment_id_2 ON (payment_ids[2]) FROM processor_row;
CREATE STATISTICS processor_row_payment_ids ON cardinality(payment_ids) FROM processor_row;

alter table account_coverage add constraint account_coverage_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table close add constraint close_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table close_items add constraint close_items_business_id_month_edition_fkey FOREIGN KEY (business_id, month, edition) REFERENCES close(business_id, month, edition);
alter table correction add constraint correction_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table correction add constraint correction_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table correction add constraint correction_business_id_row_no_fkey FOREIGN KEY (business_id, row_no) REFERENCES processor_row(business_id, row_no);
alter table correction_event add constraint correction_event_business_id_correction_id_fkey FOREIGN KEY (business_id, correction_id) REFERENCES correction(business_id, correction_id);
alter table coverage_span add constraint coverage_span_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table discrepancy add constraint discrepancy_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table discrepancy_effect add constraint discrepancy_effect_business_id_discrepancy_id_fkey FOREIGN KEY (business_id, discrepancy_id) REFERENCES discrepancy(business_id, discrepancy_id);
alter table erasure add constraint erasure_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table event add constraint event_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table exchange_rate add constraint exchange_rate_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table fee_amount add constraint fee_amount_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table fee_policy add constraint fee_policy_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table fee_span add constraint fee_span_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table match_total add constraint match_total_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table month_cause add constraint month_cause_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table month_verdict add constraint month_verdict_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table note add constraint note_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table open_item add constraint open_item_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table outside_total add constraint outside_total_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table over_refund add constraint over_refund_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_account add constraint processor_account_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_alias add constraint processor_alias_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_file add constraint processor_file_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table processor_row_version add constraint processor_row_version_business_id_row_no_fkey FOREIGN KEY (business_id, row_no) REFERENCES processor_row(business_id, row_no);
alter table processor_setting add constraint processor_setting_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table pull add constraint pull_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table quarantine add constraint quarantine_business_id_file_id_fkey FOREIGN KEY (business_id, file_id) REFERENCES processor_file(business_id, file_id);
alter table quarantine add constraint quarantine_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table quarantine add constraint quarantine_business_id_pull_id_fkey FOREIGN KEY (business_id, pull_id) REFERENCES pull(business_id, pull_id);
alter table reconciliation add constraint reconciliation_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table ruling add constraint ruling_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table run add constraint run_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table tie_out_line add constraint tie_out_line_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);
alter table touched_item add constraint touched_item_business_id_fkey FOREIGN KEY (business_id) REFERENCES business(business_id);

CREATE OR REPLACE FUNCTION public.check_close()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from business where business_id = new.business_id and four_eyes) and not new.four_eyes then
    raise exception 'a close of this business needs a second person' using errcode = 'check_violation';
  end if;
  if exists (
    select from close before
    where before.business_id = new.business_id and before.month = new.month and before.edition < new.edition and not exists (
      select from event
      where event.business_id = new.business_id and event.subject = 'close ' || before.month || '/' || before.edition
        and event.kind in ('month_voided', 'month_reopened'))) then
    raise exception '% is prepared or closed already', new.month using errcode = 'check_violation';
  end if;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.check_signature()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  signed close;
begin
  select * into signed from close
  where close.business_id = new.business_id and 'close ' || close.month || '/' || close.edition = new.subject;
  if signed.business_id is null then
    raise exception 'there is no %', new.subject using errcode = 'foreign_key_violation';
  end if;
  if signed.four_eyes and lower(btrim(new.actor, E' \t\n\r')) = lower(btrim(signed.prepared_by, E' \t\n\r')) then
    raise exception '% prepared it: another person has to review it', signed.prepared_by using errcode = 'check_violation';
  end if;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is only added to: its records are never changed or deleted', tg_table_name
    using errcode = 'integrity_constraint_violation';
end $function$
;

CREATE OR REPLACE FUNCTION public.row_step(step bigint)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN (step < 2147483647) THEN int4send((step)::integer) ELSE (decode(repeat('7fffffff'::text, ((step / 2147483647))::integer), 'hex'::text) || int4send(((step % (2147483647)::bigint))::integer)) END
;

CREATE TRIGGER close_is_checked BEFORE INSERT ON close FOR EACH ROW EXECUTE FUNCTION check_close();

CREATE TRIGGER close_is_kept BEFORE DELETE OR UPDATE ON close FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER close_is_not_truncated BEFORE TRUNCATE ON close FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER close_items_are_kept BEFORE DELETE OR UPDATE ON close_items FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER close_items_are_not_truncated BEFORE TRUNCATE ON close_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER event_is_a_signature BEFORE INSERT ON event FOR EACH ROW WHEN ((new.kind = 'month_closed'::text)) EXECUTE FUNCTION check_signature();

CREATE TRIGGER event_is_kept BEFORE DELETE OR UPDATE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
