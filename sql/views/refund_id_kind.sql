-- The shapes of a processor's refund ids: those that its formats name, and its mapping.
-- Grain: one row per processor and shape.
select shape.business_id, shape.processor, shape.pattern
from (
  select file.business_id, file.processor, file.refund_id_pattern as pattern
  from processor_file file
  where file.state = 'imported'
  union
  select setting.business_id, setting.processor, setting.refund_id_pattern
  from processor_setting setting
) shape
where shape.pattern is not null
