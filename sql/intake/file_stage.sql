-- The lines of one processor file as they are read, until they are merged: gone with the transaction.
-- Grain: one row per line or group of lines of the file. Volume: up to some millions.
-- A line that could not be read has a reason and its raw text, and of the rest what could be read.
create temporary table staged_line (
  line           bigint not null,
  transaction_id text collate "C",
  type           text collate "C",
  category       text,
  refund_id      text collate "C",
  payment_ids    text[],
  reference_ids  text[],
  amount         bigint,
  refund_fee     bigint,
  returned_fee   bigint,
  currency       text collate "C",
  occurred_at    timestamptz,
  occurred_on    date,
  available_on   date,
  payout_id      text collate "C",
  reason         text,
  raw            text
) on commit drop
