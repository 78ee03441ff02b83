/** Legs, rows and settings for the tests of matching: what a test does not name is plain. */

import { matchBusiness } from '../../../src/matching/match-business.ts'
import type {
  Direction,
  Leg,
  Match,
  Matching,
  MatchSettings,
  ProcessorRules,
  Row,
  Ruling,
  Standing,
} from '../../../src/matching/types.ts'

interface LegWords {
  refund?: string
  processor?: string
  direction?: Direction
  /** Identity keys. */
  ids?: readonly string[]
  /** Payment keys. */
  payments?: readonly string[]
  /** Other reference keys. */
  references?: readonly string[]
}

let numbers = 0n
const nextNumber = (): bigint => {
  numbers += 1n
  return numbers
}

/** A leg of STRIPE in customer direction, alone in its refund unless told otherwise. */
export const leg = (leg_id: string, on_date: string, amount: bigint, words: LegWords = {}): Leg => ({
  leg_no: nextNumber(),
  direction: words.direction ?? 'customer',
  refund_id: words.refund ?? `refund of ${leg_id}`,
  leg_id,
  processor: words.processor ?? 'STRIPE',
  on_date,
  amount,
  identity_keys: words.ids ?? [],
  reference_keys: [...(words.payments ?? []), ...(words.references ?? [])],
  payment_keys: words.payments ?? [],
})

interface RowWords {
  refund?: string
  processor?: string
  account?: string
  type?: Row['type']
  payments?: readonly string[]
  references?: readonly string[]
  currency?: string
  payout?: string
}

/** A refund row of STRIPE in USD. */
export const row = (transaction_id: string, on_date: string, amount: bigint, words: RowWords = {}): Row => ({
  row_no: nextNumber(),
  processor: words.processor ?? 'STRIPE',
  account: words.account ?? 'main',
  transaction_id,
  type: words.type ?? 'refund',
  refund_id: words.refund ?? null,
  payment_ids: words.payments ?? [],
  reference_ids: words.references ?? [],
  amount,
  currency: words.currency ?? 'USD',
  on_date,
  payout_id: words.payout ?? null,
})

export const reversal = (transaction_id: string, on_date: string, amount: bigint, words: RowWords = {}): Row =>
  row(transaction_id, on_date, amount, { type: 'refund_reversal', ...words })

/** Refund ids are re_..., payment ids ch_... and pi_..., neighbours of an island lie at most 3 days apart. */
const RULES: ProcessorRules = {
  date_window_days: 3,
  usual_lag_days: 0,
  match_payouts: false,
  refund_id_patterns: [/^re_\w+$/],
  payment_id_patterns: [/^ch_\w+$/, /^pi_\w+$/],
}

export const SETTINGS: MatchSettings = {
  currency: 'USD',
  starts_on: null,
  processors: new Map([
    ['STRIPE', RULES],
    ['PAYPAL', RULES],
  ]),
  known_payment_ids: () => false,
}

/** The settings with other rules for STRIPE. */
export const withRules = (rules: Partial<ProcessorRules>): MatchSettings => ({
  ...SETTINGS,
  processors: new Map([...SETTINGS.processors, ['STRIPE', { ...RULES, ...rules }]]),
})

const say = (legs: readonly Leg[], rows: readonly Row[]): string =>
  `${legs.map(({ leg_id }) => leg_id).join(' ')} = ${rows.map(({ transaction_id }) => transaction_id).join(' ')}`.trim()

const sayMatch = ({ pass, legs, rows }: Match): string => `${pass}: ${say(legs, rows)}`

/** What became of everything, a line each: `refund_id: A = R1`, `duplicate: A`, `ambiguous: A = R1`, `leg: A`, `row: R1`. */
export const sayAll = (matching: Matching): string[] => [
  ...matching.matches.map(sayMatch),
  ...matching.duplicates.map(({ leg_id }) => `duplicate: ${leg_id}`),
  ...matching.ambiguous.map(({ legs, rows }) => `ambiguous: ${say(legs, rows)}`),
  ...matching.unmatched_legs.map(({ leg_id }) => `leg: ${leg_id}`),
  ...matching.unmatched_rows.map(({ transaction_id }) => `row: ${transaction_id}`),
]

export const outcome = (
  legs: readonly Leg[],
  rows: readonly Row[],
  settings: MatchSettings = SETTINGS,
  rulings: readonly Ruling[] = [],
  standing: readonly Standing[] = [],
): string[] => sayAll(matchBusiness(legs, rows, settings, rulings, standing))

export const ruling = (kind: Ruling['kind'], legs: readonly Leg[], rows: readonly Row[]): Ruling => ({
  kind,
  leg_nos: legs.map(({ leg_no }) => leg_no),
  row_nos: rows.map(({ row_no }) => row_no),
})
