-- Creates the stage of a pull, which goes with the transaction.
-- Grain: one row per refund received (kind refund; known: the ledger holds this very content; quarantine: set aside)
-- and one per leg of a refund of kind refund.
-- place: of the refund in the listing, from 1.
-- Expected volume: all refunds of a business, some hundred thousand, every night; nearly all of them of kind known.
create temp table pull_stage (
  kind                 text collate "C" not null,
  place                bigint not null,
  refund_id            text collate "C",
  content_hash         text collate "C",
  external_id          text collate "C",
  amount               bigint,
  completed_at         timestamptz,
  completed_on         date,
  status               text,
  reference_number     text collate "C",
  reference_keys       text[],
  payment_keys         text[],
  keys_written         json,
  allocation_amounts   bigint[],
  allocation_line_sums bigint[],
  allocations_sum      bigint,
  line_items_differ    boolean,
  payments_sum         bigint,
  leg_id               text collate "C",
  ordinal              integer,
  processor_named      text collate "C",
  method               text collate "C",
  refund_fee           bigint,
  returned_fee         bigint,
  identity_keys        text[],
  reason               text,
  raw_shown            text
) on commit drop
