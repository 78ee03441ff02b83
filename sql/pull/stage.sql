-- The stage of a pull: its rows go with the transaction, the tables with the connection.
-- Grain: pull_refund has one row per refund received (kind refund; known: the ledger holds this very content;
-- quarantine: quarantined), pull_leg one per leg of a refund of kind refund.
-- place: of the refund in the listing, from 1.
-- Expected volume: all refunds of a business, some hundred thousand, every night; nearly all of them of kind known.
create temporary table if not exists pull_refund (
  kind                 text collate "C" not null,
  place                bigint not null,
  refund_id            text collate "C",
  content_hash         text collate "C",
  content_page         integer,
  content_place        integer,
  external_id          text collate "C",
  amount               bigint,
  completed_at         timestamptz,
  completed_on         date,
  payment_keys         text[],
  status               text,
  reference_number     text collate "C",
  reference_keys       text[],
  keys_written         json,
  allocation_amounts   bigint[],
  allocation_line_sums bigint[],
  allocations_sum      bigint,
  line_items_differ    boolean,
  payments_sum         bigint,
  reason               text,
  raw_shown            text
) on commit delete rows;
create temporary table if not exists pull_leg (
  place                bigint not null,
  refund_id            text collate "C" not null,
  leg_id               text collate "C" not null,
  ordinal              integer not null,
  external_id          text collate "C",
  processor_named      text collate "C",
  method               text collate "C",
  amount               bigint not null,
  refund_fee           bigint not null,
  returned_fee         bigint not null,
  completed_at         timestamptz,
  completed_on         date not null,
  identity_keys        text[] not null,
  payment_keys         text[] not null
) on commit delete rows
