-- What the desk asks of many findings at once.

-- those that a run cleared: the last one, of all that ever were
create index discrepancy_cleared on discrepancy (business_id, last_seen_at) where status = 'cleared';
