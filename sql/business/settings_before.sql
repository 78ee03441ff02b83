-- What the database knows of a business before its settings are stored: the hash of all of them, those that decide dates
-- and amounts of what is stored, and whether anything was ever brought in. Locks the business's row, so that two runs do
-- not store settings at once.
-- Grain: one row per business, none where it is new.
-- $1 business
with params as (select $1::uuid as business_id)

select business.settings_hash, business.currency, business.time_zone, business.ledger_dates,
  exists (select from ledger_refund where ledger_refund.business_id = params.business_id)
    or exists (select from processor_file where processor_file.business_id = params.business_id) as has_records
from params
join business on business.business_id = params.business_id
for update of business
