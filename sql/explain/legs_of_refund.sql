-- Grain: one row per leg of a ledger refund. $1 business, $2 direction, $3 refund
select leg.leg_no from ledger_leg leg
where leg.business_id = $1::uuid and leg.direction = $2::text and leg.refund_id = $3::text
order by leg.leg_no
