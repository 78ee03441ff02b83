-- CHANGED_AFTER_CLOSE: a ledger or processor total of a closed month would come out different from the signed one. Has no
-- effect, since reports keep the signed figures. Its legs and rows are those that came to differ.
-- Grain: one finding per closed month, direction, processor and currency.
select total.business_id, 'CHANGED_AFTER_CLOSE' as code, total.direction, total.processor, total.currency, total.month,
  null::text as measure, item.leg_nos, item.row_nos, total.differs, 0::numeric as refund_fee, 0::numeric as returned_fee
from (
  select measured.business_id, measured.month, measured.edition, measured.direction, measured.processor, measured.currency,
    json_agg(json_build_object('measure', measured.measure, 'ledger', measured.ledger::text, 'ledger_now', measured.ledger_now::text,
        'processor_total', measured.processor_total::text, 'processor_total_now', measured.processor_total_now::text)
      order by measured.measure) as differs
  from (
    select side.business_id, side.month, side.edition, side.direction, side.processor, side.currency, side.measure,
      sum(side.ledger) as ledger, sum(side.ledger_now) as ledger_now,
      sum(side.processor_total) as processor_total, sum(side.processor_total_now) as processor_total_now
    from (
      select signed.business_id, signed.month, signed.edition, signed.direction, signed.processor, signed.currency, signed.measure,
        signed.ledger, signed.processor_total, 0::numeric as ledger_now, 0::numeric as processor_total_now
      from closed_line signed
      union all
      select line.business_id, line.month, closed.edition, line.direction, line.processor, line.currency, line.measure,
        0, 0, line.ledger, line.processor_total
      from tie_out_line line
      join month_close closed on closed.business_id = line.business_id and closed.month = line.month and closed.state = 'closed'
    ) side
    group by side.business_id, side.month, side.edition, side.direction, side.processor, side.currency, side.measure
  ) measured
  join business on business.business_id = measured.business_id
  where (measured.ledger <> measured.ledger_now or measured.processor_total <> measured.processor_total_now)
    and (business.starts_on is null or measured.month >= to_char(business.starts_on, 'YYYY-MM'))
  group by measured.business_id, measured.month, measured.edition, measured.direction, measured.processor, measured.currency
) total
cross join lateral (
  select
    coalesce(array_agg(leg.leg_no order by leg.completed_on, leg.leg_id, leg.refund_id) filter (where leg.leg_no is not null), '{}') as leg_nos,
    coalesce(array_agg(line.row_no order by line.occurred_on, line.transaction_id, line.account) filter (where line.row_no is not null), '{}') as row_nos
  from (
    select side.item_no
    from (
      select was.item_no, was.amount, was.refund_fee, was.returned_fee
      from close_items kept
      cross join lateral unnest(kept.item_nos, kept.amounts, kept.refund_fees, kept.returned_fees)
        as was (item_no, amount, refund_fee, returned_fee)
      where kept.business_id = total.business_id and kept.month = total.month and kept.edition = total.edition
        and kept.direction = total.direction and kept.processor = total.processor and kept.currency = total.currency
      union all
      select item.item_no, -item.amount, -item.refund_fee, -item.returned_fee
      from month_item item
      where item.business_id = total.business_id and item.on_date >= to_date(total.month, 'YYYY-MM')
        and item.on_date < to_date(total.month, 'YYYY-MM') + interval '1 month'
        and item.direction = total.direction and item.processor = total.processor and item.currency = total.currency
    ) side
    group by side.item_no
    having sum(side.amount) <> 0 or sum(side.refund_fee) <> 0 or sum(side.returned_fee) <> 0
  ) differing
  left join ledger_leg leg on leg.business_id = total.business_id and leg.leg_no = differing.item_no
  left join processor_row line on line.business_id = total.business_id and line.row_no = differing.item_no
) item
