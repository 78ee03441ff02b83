-- Empties the stage, for another file of the same transaction.
-- Grain: one row per line taken off.
with unreadable as (delete from staged_unreadable), differing as (delete from differing_line)

delete from staged_line
