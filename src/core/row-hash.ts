import { createHash } from 'node:crypto'

interface RestedOn {
  id: string
  code: string
  effects: readonly {
    month: string
    processor: string
    currency: string
    amount: bigint
    refund_fee: bigint
    returned_fee: bigint
  }[]
}

/**
 * 16 hex digits over what a decision about a finding rests on: its identity and its effects. A decision that names
 * another hash was made about something that has changed since.
 */
export const rowHash = ({ id, code, effects }: RestedOn): string => {
  const rested = effects.map(({ month, processor, currency, amount, refund_fee, returned_fee }) => [
    ...[month, processor, currency],
    ...[amount, refund_fee, returned_fee].map(String),
  ])
  return createHash('sha256')
    .update(JSON.stringify([id, code, rested]))
    .digest('hex')
    .slice(0, 16)
}
