-- The records of one processor file as they are read: gone with the transaction. A record that could not be read has a
-- reason and no transaction_id.
-- Grain: one row per canonical row or unreadable record of the file.
create temporary table staged_line (
  line               bigint not null,
  transaction_id     text collate "C",
  type               text collate "C",
  category           text,
  refund_id          text collate "C",
  payment_ids        text[],
  reference_ids      text[],
  keys_written       json,
  amount             bigint,
  refund_fee         bigint,
  returned_fee       bigint,
  currency           text collate "C",
  presented_amount   bigint,
  presented_currency text collate "C",
  occurred_at        timestamptz,
  occurred_on        date,
  available_on       date,
  payout_id          text collate "C",
  direction          text collate "C",
  reason             text,
  raw                text,
  unreadable_id      text collate "C"
) on commit drop;

-- Staged lines whose transaction id is stored with other values.
-- Grain: one row per such line.
create temporary table differing_line (
  line           bigint not null,
  transaction_id text collate "C" not null,
  row_no         bigint not null,
  is_conflict    boolean not null
) on commit drop
