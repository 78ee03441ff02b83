-- Tells the planner what the big tables hold now, as far as a run's joins ask: the arrays of keys, which take most of the
-- time, are left to the server's own rounds.
-- Grain: no row.
analyze ledger_refund (business_id, direction, refund_id, completed_on, changed_pull_id, removed_pull_id),
        ledger_leg (business_id, leg_no, direction, refund_id, leg_id, processor_named, completed_on, active),
        processor_row (business_id, row_no, processor, account, transaction_id, type, refund_id, currency, occurred_on),
        match_item (business_id, leg_no, row_no)
