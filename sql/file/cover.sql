-- Replaces what an imported file covers by the dates that a person gives.
-- Grain: one row, the file.
-- $1 business, $2 processor, $3 account, $4 sha256 of its bytes, $5 first and $6 last date
update processor_file
set covers_from = $5::date, covers_to = $6::date, covers_from_at = null, covers_to_at = null, coverage_source = 'given'
where business_id = $1::uuid and processor = $2::text and account = $3::text and sha256 = $4::text
