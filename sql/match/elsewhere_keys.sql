-- The payments that legs are booked against whose row agrees in all else and names none of them.
-- Grain: one row per pair and payment. Volume: none, or where a business books against numbers of its own, one per pair.
insert into elsewhere_key
select distinct meeting.leg_no, meeting.row_no, meeting.processor, payment_id
from meeting cross join unnest(meeting.elsewhere) as payment_id
where meeting.agrees and meeting.elsewhere is not null
