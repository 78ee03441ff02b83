-- What pass 1 left of the legs, with their reference keys, as far as their processor has rows left in the business's
-- currency. shaped: an identity key has the shape of this processor's refund ids. After pass 1 no row that is left has
-- an identity key of such a leg as its refund_id, so it disagrees with every row that has a refund_id (the veto).
-- Grain: one row per open leg.
with params as not materialized (select $1::uuid as business_id),
pattern as materialized (
  -- worked out once, not for every leg: there may be thousands of files
  select distinct file.processor, coalesce(setting.refund_id_pattern, file.refund_id_pattern) as pattern
  from params
  join processor_file file on file.business_id = params.business_id
  left join processor_setting setting on setting.business_id = file.business_id and setting.processor = file.processor
)
insert into open_leg
select
  leg.leg_no, leg.direction, leg.processor, leg.on_date, leg.leg_id, leg.amount, refund.reference_keys,
  exists (
    select from pattern cross join unnest(leg.identity_keys) as key
    where pattern.processor = leg.processor and key ~ pattern.pattern)
from params
cross join work_leg leg
join ledger_refund refund
  on refund.business_id = params.business_id and refund.direction = leg.direction and refund.refund_id = leg.refund_id
where not exists (select from taken_leg taken where taken.leg_no = leg.leg_no)
  and not exists (select from duplicate_leg duplicate where duplicate.leg_no = leg.leg_no)
  and exists (select from open_row line where line.direction = leg.direction and line.processor = leg.processor)
