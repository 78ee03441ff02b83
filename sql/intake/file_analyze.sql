-- Tells the planner what the rows are now, as far as joins ask: the arrays of keys, which take half of the time, are left
-- to the server's own rounds.
-- Grain: no row.
analyze processor_row (business_id, row_no, processor, account, transaction_id, type, refund_id, currency, occurred_on)
