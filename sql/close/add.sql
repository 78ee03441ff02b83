-- Keeps what a person signed of a month.
-- Grain: one row per close. $1 business, $2 month, $3 edition, $4 by, $5 at, $6 whether another person has to review it, $7 why with
-- open items, $8 as_of, $9 business, $10 verdict, $11 reasons, $12 tie-out, $13 roll-forward, $14 carried, $15 findings, $16 sources,
-- $17 event number, $18 event hash, $19 SHA-256
insert into close (business_id, month, edition, prepared_by, prepared_at, four_eyes, accept_open, as_of, business, verdict, reasons,
  tie_out, roll_forward, carried, findings, sources, event_number, event_hash, sha256)
values ($1::uuid, $2::text, $3::integer, $4::text, $5::timestamptz, $6::boolean, $7::text, $8::timestamptz, $9::json, $10::text,
  $11::json, $12::json, $13::json, $14::json, $15::json, $16::json, $17::bigint, $18::text, $19::text)
