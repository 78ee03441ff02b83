-- Whether a setting that matters to matching changed since a business was last matched anew.
-- Grain: one row. $1 business
select exists (select from full_run_advised advised where advised.business_id = $1::uuid) as full_run_advised
