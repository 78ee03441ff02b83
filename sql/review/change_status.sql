-- Gives findings the status that a person decided. An array, since a filter may mean more than a statement has parameters.
-- Grain: one row per finding. $1 business, $2 findings, $3 status
update discrepancy found set status = $3::text
where found.business_id = $1::uuid and found.discrepancy_id = any ($2::text[])
