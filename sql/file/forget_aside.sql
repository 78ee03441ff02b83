-- Forgets what a file had in quarantine before it was withdrawn: it is read anew. What a person dismissed stays dismissed.
-- Grain: one row per record forgotten.
-- $1 business, $2 file
delete from quarantine as aside
where aside.business_id = $1::uuid and aside.file_id = $2::bigint and aside.state <> 'dismissed'
