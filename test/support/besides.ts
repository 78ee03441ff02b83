/** What stands beside legs and rows, decides no match, and has to be tied out all the same. */

import fc from 'fast-check'
import type { PlainLeg, PlainWorld } from './plain-matching.ts'

export interface FeePolicy {
  processor: string
  /** the first of a month */
  from: string
  tie: 'per_refund' | 'month' | 'none'
}

/** The settings of one night. */
export interface Settings {
  policies: FeePolicy[]
  amount_tolerance: number
  fee_tolerance: number
  /** processors whose legs are outside */
  outside: string[]
}

export interface Besides {
  /** one a night; the last one stands for all nights after it */
  settings: Settings[]
  rates: { on: string; from: string; to: string; rate: string }[]
  /** refund by refund in turn: what of it does not sum up */
  imbalances: ('nothing' | 'allocations' | 'payments' | 'line items')[]
  /** refund by refund in turn: which further legs it has */
  further: ('none' | 'cash' | 'empty')[]
  /** row by row in turn: how much the customer saw for each cent, in euros */
  presented: (number | null)[]
  /** after all nights */
  upheaval: Upheaval
}

/** A change of settings after which legs are another processor's, or outside processors. */
export type Upheaval = 'none' | 'alias' | 'outside'

const policy: fc.Arbitrary<FeePolicy> = fc.record({
  processor: fc.constantFrom('STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE'),
  from: fc.constantFrom('2026-09-01', '2026-10-01'),
  tie: fc.constantFrom<FeePolicy['tie']>('per_refund', 'month', 'none'),
})

const settings: fc.Arbitrary<Settings> = fc.record({
  policies: fc.oneof(
    { weight: 2, arbitrary: fc.constant<FeePolicy[]>([]) },
    {
      weight: 1,
      arbitrary: fc.uniqueArray(policy, { maxLength: 3, selector: ({ processor, from }) => `${processor} ${from}` }),
    },
  ),
  amount_tolerance: fc.constantFrom(0, 0, 100),
  fee_tolerance: fc.constantFrom(0, 0, 5),
  outside: fc.constantFrom<string[][]>([], [], ['SQUARE']),
})

const inTurn = <T>(...values: T[]): fc.Arbitrary<T[]> =>
  fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 5 })

export const besides: fc.Arbitrary<Besides> = fc.record({
  settings: fc.oneof(
    { weight: 2, arbitrary: settings.map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(settings, { minLength: 2, maxLength: 4 }) },
  ),
  rates: fc.constantFrom<Besides['rates'][]>(
    [],
    [{ on: '2026-10-01', from: 'CAD', to: 'USD', rate: '0.99' }],
    [{ on: '2026-09-28', from: 'USD', to: 'CAD', rate: '2' }],
  ),
  imbalances: inTurn<Besides['imbalances'][number]>(
    'nothing',
    'nothing',
    'nothing',
    'allocations',
    'payments',
    'line items',
  ),
  further: inTurn<Besides['further'][number]>('none', 'none', 'none', 'cash', 'empty'),
  presented: inTurn<number | null>(null, null, 1, 2),
  upheaval: fc.constantFrom<Upheaval>('none', 'alias', 'outside'),
})

export const settingsOf = ({ settings }: Besides, night: number): Settings => {
  const own = settings[Math.min(night, settings.length - 1)]
  if (own === undefined) throw new Error('a history has settings')
  return own
}

/** The world as matching sees it: without the legs that are outside processors that night. */
export const insideOf = (world: PlainWorld, { outside }: Settings): PlainWorld => ({
  ...world,
  legs: world.legs.filter(({ processor }) => !outside.includes(processor)),
})

/** Without the alias a leg is of the processor that it names; a leg that names none may be outside by its method. */
export const afterUpheaval = (world: PlainWorld, upheaval: Upheaval): PlainWorld => ({
  ...world,
  legs: world.legs
    .filter(({ processor }) => upheaval !== 'outside' || processor !== 'UNASSIGNED')
    .map((leg) => (upheaval === 'alias' ? { ...leg, processor: namedBy(leg) } : leg)),
})

/** The processor that the books name: some legs of Stripe are under its alias. */
export const namedBy = ({ id, processor }: PlainLeg): string =>
  processor === 'STRIPE' && Number(/\d+/.exec(id)?.[0] ?? 0) % 3 === 0 ? 'STRIPE_CONNECT' : processor

/** Nothing beside them. */
export const NOTHING: Besides = {
  settings: [{ policies: [], amount_tolerance: 0, fee_tolerance: 0, outside: [] }],
  rates: [],
  imbalances: ['nothing'],
  further: ['none'],
  presented: [null],
  upheaval: 'none',
}
