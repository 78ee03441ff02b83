/**
 * Invents a true history of refunds, booked and paid alike, tells known lies about some of them, and says what a run must
 * find: exactly the lies. Amounts are unique, so that no lie touches another refund by accident.
 */

import type { Effect, Finding, SmallNight } from './small-night.ts'

/** A generator of numbers that a seed decides (mulberry32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

interface Payment {
  id: string
  external_id: string | null
  refunded_amount: number
  fee: number
  method: string
  processor: string
}

/** One true refund: what the books say and what the processor's file says. */
interface Truth {
  refund: {
    id: string
    refunded_amount: number
    status: string
    completed_at: string
    allocations: unknown[]
    payments: Payment[]
  }
  payment: Payment
  line: {
    id: string
    kind: string
    refund: string
    payment: string
    order: string
    amount: number
    fee: number
    currency: string
    date: string
  }
  /** yyyy-MM of both */
  month: string
}

const ALL_OF_IT = (truth: Truth, sign: 1 | -1, month = truth.month): Effect => ({
  month,
  processor: 'STRIPE',
  currency: 'USD',
  amount: sign * truth.payment.refunded_amount,
  refund_fee: sign * truth.payment.fee,
  returned_fee: 0,
})

const only = (truth: Truth, measures: Partial<Effect>): Effect => ({
  ...ALL_OF_IT(truth, 1),
  amount: 0,
  refund_fee: 0,
  ...measures,
})

interface Books {
  refunds: Truth['refund'][]
  lines: Truth['line'][]
}

type Lie = (truth: Truth, books: Books) => Finding[]

const found = (code: string, truth: Truth, effects: Effect[], sides: 'both' | 'legs' | 'rows' = 'both'): Finding => ({
  code,
  legs: sides === 'rows' ? [] : [truth.payment.id],
  rows: sides === 'legs' ? [] : [truth.line.id],
  refund_id: null,
  effects,
})

/** The lies: each changes the books or the file, and says what must be found for it. */
export const LIES: Readonly<Record<string, Lie>> = {
  'never booked': (truth, { refunds }) => {
    refunds.splice(refunds.indexOf(truth.refund), 1)
    return [found('MISSING_IN_LEDGER', truth, [ALL_OF_IT(truth, -1)], 'rows')]
  },
  'never paid': (truth, { lines }) => {
    lines.splice(lines.indexOf(truth.line), 1)
    return [found('MISSING_AT_PROCESSOR', truth, [ALL_OF_IT(truth, 1)], 'legs')]
  },
  'paid more than booked': (truth, { lines }) => {
    lines[lines.indexOf(truth.line)] = { ...truth.line, amount: truth.line.amount - 700 }
    return [found('AMOUNT_MISMATCH', truth, [only(truth, { amount: -700 })])]
  },
  'a fee nobody booked': (truth, { lines }) => {
    lines[lines.indexOf(truth.line)] = { ...truth.line, fee: truth.line.fee + 25 }
    return [found('REFUND_FEE_MISMATCH', truth, [only(truth, { refund_fee: -25 })])]
  },
  'booked twice': (truth, { refunds }) => {
    const copy = { ...truth.payment, id: `${truth.payment.id}-again` }
    const later = truth.refund.completed_at.replace('T12', 'T13')
    refunds.push({ ...truth.refund, id: `${truth.refund.id}-again`, completed_at: later, payments: [copy] })
    return [found('DUPLICATE_IN_LEDGER', { ...truth, payment: copy }, [ALL_OF_IT(truth, 1)], 'legs')]
  },
  'paid in the next month': (truth, { lines }) => {
    lines[lines.indexOf(truth.line)] = { ...truth.line, date: '2026-11-02 12:00:00' }
    return [found('CUTOFF_MISMATCH', truth, [ALL_OF_IT(truth, 1), ALL_OF_IT(truth, -1, '2026-11')])]
  },
  'came back': (truth, { lines }) => {
    const back = {
      ...truth.line,
      id: `${truth.line.id}-back`,
      kind: 'Refund failed',
      fee: 0,
      date: '2026-11-03 12:00:00',
    }
    lines.push({ ...back, amount: -truth.line.amount })
    const kept = { ...only(truth, { amount: truth.payment.refunded_amount }), month: '2026-11' }
    return [{ ...found('REFUND_FAILED', truth, [kept]), rows: [truth.line.id, back.id] }]
  },
  'allocated to less': (truth) => {
    truth.refund.allocations = [{ id: 'an-allocation', amount: truth.refund.refunded_amount - 1 }]
    return [{ code: 'ALLOCATION_IMBALANCE', legs: [], rows: [], refund_id: truth.refund.id, effects: [] }]
  },
}

const two = (number: number): string => String(number).padStart(2, '0')
const major = (minor: number): string =>
  `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${two(Math.abs(minor) % 100)}`

function truthOf(number: number, below: (n: number) => number): Truth {
  const amount = 10_000 + number * 1000 + below(1000)
  const day = two(1 + below(28))
  const fee = below(3) === 0 ? 10 + below(40) : 0
  // most refunds bear the processor's id, some only the payment they belong to
  const identified = below(5) > 0
  const payment: Payment = {
    id: `leg-${number}`,
    external_id: identified ? `re_${number}` : null,
    refunded_amount: amount,
    fee,
    method: 'CREDIT_CARD',
    processor: 'STRIPE',
  }
  return {
    month: '2026-10',
    payment,
    refund: {
      id: `refund-${number}`,
      refunded_amount: amount,
      status: 'PAID',
      completed_at: `2026-10-${day}T12:00:00Z`,
      allocations: [{ id: `allocation-${number}`, amount, invoice_payment_external_id: `ch_${number}` }],
      payments: [payment],
    },
    line: {
      id: `txn-${number}`,
      kind: 'Refund',
      refund: `re_${number}`,
      payment: `ch_${number}`,
      order: `order-${number}`,
      amount: -amount,
      fee,
      currency: 'USD',
      date: `2026-10-${day} 15:00:00`,
    },
  }
}

/** A history of `refunds` refunds, with about one lie in ten of them. */
export function toldHistory(seed: number, refunds: number): SmallNight {
  const below = numbersFrom(seed)
  const truths = Array.from({ length: refunds }, (_, number) => truthOf(number, below))
  const books: Books = { refunds: truths.map(({ refund }) => refund), lines: truths.map(({ line }) => line) }
  const lies = Object.values(LIES)
  const finds = truths.flatMap((truth) => {
    const lie = below(10) === 0 ? lies[below(lies.length)] : undefined
    // what is found by the refund id alone needs one
    return lie === undefined || truth.payment.external_id === null ? [] : lie(truth, books)
  })
  const text = (line: Truth['line']): string =>
    [
      line.id,
      line.kind,
      line.refund,
      line.payment,
      line.order,
      major(line.amount),
      major(line.fee),
      line.currency,
      line.date,
    ].join()
  return {
    says: `${refunds} refunds of seed ${seed}`,
    customer: books.refunds,
    vendor: [],
    files: { STRIPE: books.lines.map(text) },
    finds,
  }
}

/** Findings in one order, whatever order they were found in. */
export const sorted = (finds: readonly Finding[]): string[] =>
  finds
    .map(({ code, legs, rows, refund_id, effects }) => JSON.stringify({ code, legs, rows, refund_id, effects }))
    .sort()
