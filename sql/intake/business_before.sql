-- What the database knows of a business before its settings are stored: its currency, its time zone, and whether
-- anything was ever brought in for it. Locks the business's row, so that two runs do not store settings at once.
-- Grain: one row per business, none where it is new.
-- $1 business
with params as (select $1::uuid as business_id)

select
  business.currency,
  business.time_zone,
  exists (select from ledger_refund where ledger_refund.business_id = params.business_id)
    or exists (select from processor_file where processor_file.business_id = params.business_id) as has_records
from params
join business using (business_id)
for update of business
