-- Keeps which legs, rows and fee lines a closed month has.
-- Grain: one row per direction, processor and currency. $1 business, $2 month, $3 edition
insert into close_items (business_id, month, edition, direction, processor, currency, item_nos, amounts, refund_fees, returned_fees)
select $1::uuid, $2::text, $3::integer, item.direction, item.processor, item.currency, array_agg(item.item_no order by item.item_no),
  array_agg(item.amount order by item.item_no), array_agg(item.refund_fee order by item.item_no),
  array_agg(item.returned_fee order by item.item_no)
from month_item item
where item.business_id = $1::uuid and item.on_date >= to_date($2::text, 'YYYY-MM')
  and item.on_date < to_date($2::text, 'YYYY-MM') + interval '1 month' and item.item_no is not null
group by item.direction, item.processor, item.currency
