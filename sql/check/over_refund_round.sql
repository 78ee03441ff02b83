-- OVER_REFUND, second part: rows that share a payment id get the least label of theirs. Called again until nothing
-- changes; once or twice, since the lines of one payment mostly name the same ids.
-- Grain: one row per row whose label changes.
with key_label as (
  select direction, processor, currency, key, min(label) as label
  from tied_row cross join unnest(keys) as key
  group by direction, processor, currency, key
  having min(label) <> max(label)
),
least_label as (
  select tied.direction, tied.row_no, min(key_label.label) as label
  from key_label
  join (select tied_row.direction, processor, currency, row_no, key from tied_row cross join unnest(keys) as key) tied
    on tied.direction = key_label.direction and tied.processor = key_label.processor
    and tied.currency = key_label.currency and tied.key = key_label.key
  group by tied.direction, tied.row_no
)
update tied_row set label = least_label.label
from least_label
where least_label.direction = tied_row.direction and least_label.row_no = tied_row.row_no
  and least_label.label < tied_row.label
