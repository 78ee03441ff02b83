-- The lines of one processor file as they are read: the rows go with the transaction, the tables with the connection.
-- Grain: one row per line or group of lines of the file.
create temporary table if not exists staged_line (
  line               bigint not null,
  transaction_id     text collate "C" not null,
  type               text collate "C" not null,
  category           text,
  refund_id          text collate "C",
  payment_ids        text[] not null,
  reference_ids      text[] not null,
  keys_written       json,
  amount             bigint not null,
  refund_fee         bigint not null,
  returned_fee       bigint not null,
  currency           text collate "C" not null,
  presented_amount   bigint,
  presented_currency text collate "C",
  occurred_at        timestamptz,
  occurred_on        date not null,
  available_on       date,
  payout_id          text collate "C",
  direction          text collate "C" not null
) on commit delete rows;

-- The records that could not be read.
-- Grain: one row per record.
create temporary table if not exists staged_unreadable (
  line           bigint not null,
  reason         text not null,
  raw            text not null,
  transaction_id text collate "C",
  occurred_on    date
) on commit delete rows;

-- Staged lines whose transaction id is stored with other values.
-- Grain: one row per such line.
create temporary table if not exists differing_line (
  line           bigint not null,
  transaction_id text collate "C" not null,
  row_no         bigint not null,
  is_conflict    boolean not null
) on commit delete rows
