-- Empties the demo's own database, so that each demo begins anew. Never run on any other.
-- Grain: no rows.
-- takes no parameters
drop schema public cascade;
create schema public
