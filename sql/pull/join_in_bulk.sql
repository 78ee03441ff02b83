-- For the rest of this transaction large sets are joined by hashing. Left to itself, the planner, which knows nothing
-- yet of a table just filled, took 300,000 refunds for one and looked each up in all the others: hours, not seconds.
-- Grain: no row.
set local enable_nestloop = off;
set local work_mem = '64MB'
