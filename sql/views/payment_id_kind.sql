-- The kinds of a processor's payment ids, each by its shape: those that its formats name, and its mapping.
-- Grain: one row per processor and shape.
select shape.business_id, shape.processor, shape.pattern
from (
  select file.business_id, file.processor, unnest(file.payment_id_patterns) as pattern
  from processor_file file
  where file.state = 'imported'
  union
  select setting.business_id, setting.processor, setting.payment_id_pattern
  from processor_setting setting
) shape
where shape.pattern is not null
