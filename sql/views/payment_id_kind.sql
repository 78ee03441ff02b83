-- The kinds of payment ids that a processor's formats name, each by its shape.
-- Grain: one row per processor and shape.
select distinct file.business_id, file.processor, pattern
from processor_file file cross join unnest(file.payment_id_patterns) as pattern
where file.state = 'imported'
