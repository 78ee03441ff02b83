-- Keys in arrays are compared by code unit (collate "C"), as ids are: an index over the elements of an array serves only
-- what compares as it does. The indexes and statistics over them follow; no table is written anew.

alter table ledger_refund
  alter column reference_keys type text[] collate "C",
  alter column payment_keys type text[] collate "C";

alter table ledger_leg
  alter column identity_keys type text[] collate "C",
  alter column payment_keys type text[] collate "C";

alter table processor_row
  alter column payment_ids type text[] collate "C",
  alter column reference_ids type text[] collate "C";

-- what was sampled of them went with the change; a new database has nothing to sample
do $$
begin
  if exists (select from ledger_refund) or exists (select from processor_row) then
    set local default_statistics_target = 25;
    analyze ledger_refund, ledger_leg, processor_row;
  end if;
end
$$;
