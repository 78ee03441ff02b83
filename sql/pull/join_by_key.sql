-- For the rest of this transaction the planner is free to look rows up by key.
-- Grain: no row.
set local enable_nestloop = on
