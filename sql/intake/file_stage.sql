-- The lines of one processor file as they are read, some hundred thousand at a time: gone with the transaction.
-- Grain: one row per line or group of lines of the file.
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
) on commit drop;

-- Of the staged lines those whose transaction id is known and that say anything else than the row that stands.
-- Grain: one row per such line.
create temporary table differing_line (
  line           bigint not null,
  transaction_id text collate "C" not null,
  row_no         bigint not null,
  is_conflict    boolean not null
) on commit drop
