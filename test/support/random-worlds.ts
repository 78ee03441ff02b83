/**
 * Small random worlds of legs and rows, in which everything meets everything, and small histories of them: what a business
 * has stored night after night.
 *
 * They keep to what can be stored. The legs of one refund have its direction and its reference keys in common; of a refund
 * with several legs each has one identity key at most (its own external_id), a single leg may have two. A row keeps its
 * processor, account, transaction_id and type for good. No item is empty. Every row has a name of its own.
 */

import fc from 'fast-check'
import {
  nameOf,
  type PlainLeg,
  type PlainOther,
  type PlainProcessor,
  type PlainRow,
  type PlainWorld,
} from './plain-matching.ts'

const MOST_LEGS = 10
const MOST_ROWS = 12
const MOST_OTHERS = 5

// ---------------------------------------------------------------------------------------------------------------------
// What things are made of: few ids, amounts and days
// ---------------------------------------------------------------------------------------------------------------------

/** Some days before the first of October, on which a business may start, and more after it. */
const date = fc
  .integer({ min: -4, max: 9 })
  .map((day) => new Date(Date.UTC(2026, 9, 1 + day)).toISOString().slice(0, 10))
const amount = fc.constantFrom(100, 100, 100, 200, 200, 300)
const refundId = fc.constantFrom('re_1', 're_2', 're_3', 're_4', 'own-1', 'own-2')
/** Ids of rows that somebody names, too: where a processor has one number for both, it may be the refund_id of another. */
const namedRowId = fc.constantFrom('t0', 't1', 't2')
const otherRowId = fc.constantFrom('re_2', 'own-1')
const PAYMENTS = ['ch_1', 'ch_2', 'pi_1', 'pi_2', 'pay-1', 'pay-2']
const BUSINESS_KEYS = ['order-1', 'order-2', 'ch_1', 'po_1']
const paymentIds = fc.uniqueArray(fc.constantFrom(...PAYMENTS), { maxLength: 2 })
const payoutId = fc.option(fc.constantFrom('po_1', 'po_2'), { freq: 1 })
const identityKey = fc.oneof(
  { weight: 6, arbitrary: refundId },
  { weight: 2, arbitrary: namedRowId },
  { weight: 1, arbitrary: fc.constant('po_1') },
)
/** SQUARE is not configured; a leg that names no processor is UNASSIGNED. */
const legProcessor = fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE', 'UNASSIGNED')
const rowProcessor = fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY')
const currency = fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'CAD')
const fee = fc.constantFrom(0, 0, 30)
const returnedFee = fc.constantFrom(0, 0, 3)

interface Part {
  processor: string
  date: string
  amount: number
  refund_fee: number
  returned_fee: number
  identity: string[]
}

const part = (keys: { most: number }): fc.Arbitrary<Part> =>
  fc.record({
    processor: legProcessor,
    date,
    amount,
    refund_fee: fee,
    returned_fee: returnedFee,
    identity: fc.uniqueArray(identityKey, { maxLength: keys.most }),
  })

/** The reference keys of a refund, and which of them are those of a payment. */
const keysOfRefund = fc
  .record({
    payments: fc.uniqueArray(fc.constantFrom(...PAYMENTS), { maxLength: 2 }),
    others: fc.uniqueArray(fc.constantFrom(...BUSINESS_KEYS), { maxLength: 1 }),
  })
  .map(({ payments, others }) => ({ references: [...new Set([...payments, ...others])], payment_keys: payments }))

interface Refund {
  direction: PlainLeg['direction']
  references: string[]
  payment_keys: string[]
  parts: Part[]
}

/** A refund of one leg, or one of two or three, which mostly bear one key: one refund on several invoices. */
const refund: fc.Arbitrary<Refund> = fc
  .record({
    direction: fc.constantFrom<PlainLeg['direction']>('customer', 'customer', 'customer', 'customer', 'vendor'),
    keys: keysOfRefund,
    parts: fc.oneof(
      { weight: 4, arbitrary: part({ most: 2 }).map((one) => [one]) },
      {
        weight: 1,
        arbitrary: fc
          .record({
            parts: fc.array(part({ most: 1 }), { minLength: 2, maxLength: 3 }),
            common: fc.option(refundId, { freq: 3 }),
          })
          .map(({ parts, common }) =>
            common === null
              ? parts
              : parts.map((one) => ({ ...one, identity: one.identity.length > 0 ? [common] : [] })),
          ),
      },
    ),
  })
  .map(({ direction, keys, parts }) => ({ direction, ...keys, parts }))

/** A row before it has an id and a name. */
type RowToBe = Omit<PlainRow, 'id'> & { wanted_id: string | null }

const rowToBe: fc.Arbitrary<RowToBe> = fc.record({
  wanted_id: fc.option(fc.oneof(namedRowId, otherRowId), { freq: 1 }),
  account: fc.constantFrom('', '', '', 'second'),
  type: fc.constantFrom<PlainRow['type']>('refund', 'refund', 'refund', 'refund', 'vendor_refund'),
  processor: rowProcessor,
  date,
  amount,
  refund_fee: fee,
  returned_fee: returnedFee,
  currency,
  refund_id: fc.option(refundId, { freq: 2 }),
  payment_ids: paymentIds,
  references: fc.uniqueArray(fc.constantFrom('order-1', 'order-2', 'ch_1'), { maxLength: 1 }),
  payout_id: payoutId,
})

/** What comes beside a row that is there. */
const beside = fc.record({
  kind: fc.constantFrom<('fee' | 'further' | 'reversal' | 'part of a reversal')[]>(
    'fee',
    'further',
    'reversal',
    'reversal',
    'part of a reversal',
  ),
  /** a reversal may leave out the refund_id, and the file may be that of another account */
  names_refund: fc.boolean(),
  account: fc.constantFrom('', '', 'second'),
  currency: fc.constantFrom<(string | null)[]>(null, null, null, null, null, 'CAD'),
  date,
  amount,
})
type Beside = typeof beside extends fc.Arbitrary<infer T> ? T : never

function rowBeside(row: PlainRow | RowToBe, one: Beside): RowToBe {
  const base: RowToBe = {
    wanted_id: null,
    account: one.account,
    type: row.type,
    processor: row.processor,
    date: one.date,
    amount: one.amount,
    refund_fee: 0,
    returned_fee: 0,
    currency: one.currency ?? row.currency,
    refund_id: row.refund_id,
    payment_ids: row.payment_ids,
    references: [],
    payout_id: row.payout_id,
  }
  if (one.kind === 'further') return base
  if (one.kind === 'fee') return { ...base, amount: 0, refund_fee: 30 }
  const taken_back = one.kind === 'reversal' && row.amount > 0 ? row.amount : 50
  return {
    ...base,
    type: 'refund_reversal',
    amount: -taken_back,
    refund_id: one.names_refund ? row.refund_id : null,
    payout_id: null,
  }
}

/** A leg and a row that agree: settled at once by their id, their payment, their order, or their amount alone. */
const pair = fc
  .record({
    by: fc.constantFrom<('refund_id' | 'payment' | 'order' | 'amount' | 'payout')[]>(
      'refund_id',
      'payment',
      'order',
      'amount',
      'payout',
    ),
    vendor: fc.constantFrom(false, false, false, true),
    processor: rowProcessor,
    refund_id: fc.constantFrom('re_5', 're_6', 'own-3'),
    payment: fc.constantFrom(...PAYMENTS),
    booked_on: date,
    days_later: fc.constantFrom(0, 0, 1, 1, 2),
    amount,
    refund_fee: fee,
    returned_fee: returnedFee,
    other_amount: fc.constantFrom(false, false, false, true),
    besides: fc.array(beside, { maxLength: 2 }),
  })
  .map(
    ({ by, vendor, processor, refund_id, payment, booked_on, days_later, amount, other_amount, besides, ...fees }) => {
      const paid_on = new Date(Date.parse(booked_on) + days_later * 86_400_000).toISOString().slice(0, 10)
      const keys = by === 'payment' ? [payment] : by === 'order' ? ['order-3'] : by === 'payout' ? ['po_3'] : []
      const refund: Refund = {
        direction: vendor ? 'vendor' : 'customer',
        references: keys,
        payment_keys: by === 'payment' ? keys : [],
        parts: [{ processor, date: booked_on, amount, ...fees, identity: by === 'refund_id' ? [refund_id] : [] }],
      }
      const row: RowToBe = {
        wanted_id: null,
        account: '',
        type: vendor ? 'vendor_refund' : 'refund',
        processor,
        date: paid_on,
        amount: other_amount ? amount + 100 : amount,
        ...fees,
        currency: 'USD',
        refund_id: by === 'refund_id' ? refund_id : null,
        payment_ids: by === 'payment' ? [payment] : [],
        references: by === 'order' ? ['order-3'] : [],
        payout_id: by === 'payout' ? 'po_3' : null,
      }
      return { refund, rows: [row, ...besides.map((one) => rowBeside(row, one))] }
    },
  )

/**
 * One price every day: legs and rows of one processor and mostly one amount on a few days, with little more than their dates
 * to tell them apart; some carry ids that disagree.
 */
const crowd = fc
  .record({
    legs: fc.array(
      fc.record({
        date: fc.constantFrom('2026-10-01', '2026-10-02', '2026-10-03', '2026-10-05', '2026-10-06'),
        amount: fc.constantFrom(100, 100, 100, 100, 100, 200),
        identity: fc.constantFrom<string[][]>([], [], [], ['re_1'], ['re_7']),
        payments: fc.constantFrom<string[][]>([], [], [], ['ch_7'], ['pi_7'], ['pay-7']),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    rows: fc.array(
      fc.record({
        date: fc.constantFrom('2026-10-01', '2026-10-02', '2026-10-03', '2026-10-05', '2026-10-06'),
        amount: fc.constantFrom(100, 100, 100, 100, 100, 200),
        refund_id: fc.constantFrom(null, null, 're_1', 're_2', 're_3'),
        payments: fc.constantFrom<string[][]>([], [], [], ['ch_8'], ['pi_8'], ['pay-8'], ['ch_7', 'pi_8']),
        reversed_on: fc.option(date, { freq: 1 }),
      }),
      { minLength: 2, maxLength: 6 },
    ),
  })
  .map(({ legs, rows }) => ({
    refunds: legs.map(
      ({ payments, ...leg }): Refund => ({
        direction: 'customer',
        references: payments,
        payment_keys: payments,
        parts: [{ processor: 'STRIPE', refund_fee: 0, returned_fee: 0, ...leg }],
      }),
    ),
    rows: rows.flatMap(({ payments, reversed_on, ...one }): RowToBe[] => {
      const row: RowToBe = {
        wanted_id: null,
        account: '',
        type: 'refund',
        processor: 'STRIPE',
        ...one,
        refund_fee: 0,
        returned_fee: 0,
        currency: 'USD',
        payment_ids: payments,
        references: [],
        payout_id: null,
      }
      if (reversed_on === null) return [row]
      return [row, { ...row, type: 'refund_reversal', date: reversed_on, amount: -row.amount }]
    }),
  }))

/**
 * Money that went back and forth: pairs of one or two payments, matched by these alone, with reversals that may belong to
 * several rows, and fees alone; what changes of one of them sets free what then belongs to another.
 */
const returns = fc
  .record({
    pairs: fc.array(
      fc.record({
        date: fc.constantFrom('2026-10-01', '2026-10-02', '2026-10-03'),
        amount: fc.constantFrom(100, 100, 100, 200),
        refund_id: fc.constantFrom(null, null, 're_1', 're_2'),
        payment: fc.constantFrom('ch_1', 'ch_1', 'ch_2'),
        isBooked: fc.constantFrom(true, true, true, false),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    others: fc.array(
      fc.record({
        kind: fc.constantFrom<('reversal' | 'fee')[]>('reversal', 'reversal', 'fee'),
        date: fc.constantFrom('2026-10-03', '2026-10-05'),
        amount: fc.constantFrom(100, 100, 200),
        refund_id: fc.constantFrom(null, null, 're_1', 're_2'),
        payment: fc.constantFrom('ch_1', 'ch_1', 'ch_2'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ pairs, others }) => {
    const base = { wanted_id: null, account: '', processor: 'STRIPE', refund_fee: 0, returned_fee: 0, currency: 'USD' }
    return {
      refunds: pairs
        .filter(({ isBooked }) => isBooked)
        .map(
          ({ date, amount, payment }): Refund => ({
            direction: 'customer',
            references: [payment],
            payment_keys: [payment],
            parts: [{ processor: 'STRIPE', date, amount, refund_fee: 0, returned_fee: 0, identity: [] }],
          }),
        ),
      rows: [
        ...pairs.map(
          ({ payment, isBooked, ...one }): RowToBe => ({
            ...{ ...base, ...one, type: 'refund', payment_ids: [payment], references: [], payout_id: null },
          }),
        ),
        ...others.map(({ kind, payment, amount, ...one }): RowToBe => {
          const back = { ...base, ...one, payment_ids: [payment], references: [], payout_id: null }
          return kind === 'fee'
            ? { ...back, type: 'refund', amount: 0, refund_fee: 30 }
            : { ...back, type: 'refund_reversal', amount: -amount }
        }),
      ],
    }
  })

const payment = { refund_fee: 0, refund_id: null }

/** Payments of which too much may come back, lines of fees, and refund rows of nothing. */
const other: fc.Arbitrary<Omit<PlainOther, 'id'>> = fc
  .record({
    kind: fc.constantFrom('payment', 'payment', 'payment', 'chargeback', 'chargeback_reversal', 'fees', 'empty'),
    processor: rowProcessor,
    date,
    amount: fc.constantFrom(100, 200, 300, 400),
    presented: fc.constantFrom<(number | null)[]>(null, null, 150, 600),
    currency,
    refund_id: fc.option(refundId),
    payment_ids: fc.uniqueArray(fc.constantFrom(...PAYMENTS, 'ch_8', 'pay-8'), { minLength: 1, maxLength: 3 }),
  })
  .map(({ kind, amount, refund_id, ...one }): Omit<PlainOther, 'id'> => {
    if (kind === 'fees') return { ...one, ...payment, type: 'other', amount: -amount / 10, presented: null }
    if (kind === 'empty') return { ...one, type: 'refund', amount: 0, refund_fee: 0, presented: null, refund_id }
    if (kind === 'chargeback_reversal')
      return { ...one, ...payment, type: kind, amount: -amount, presented: one.presented && -one.presented }
    return { ...one, ...payment, type: kind === 'payment' ? kind : 'chargeback', amount }
  })

const settings = fc.record({
  window: fc.constantFrom(0, 1, 3),
  lag: fc.constantFrom(0, 0, 1, 2),
  match_payouts: fc.boolean(),
})

/** Stripe has two kinds of payment ids, Billpay none. */
const processors: fc.Arbitrary<Map<string, PlainProcessor>> = fc.record({ stripe: settings, billpay: settings }).map(
  ({ stripe, billpay }) =>
    new Map([
      ['STRIPE', { ...stripe, refund_id_shapes: [/^re_[0-9]+$/], payment_id_shapes: [/^ch_[0-9]+$/, /^pi_[0-9]+$/] }],
      ['BILLPAY', { ...billpay, refund_id_shapes: [/^own-[0-9]+$/], payment_id_shapes: [] }],
    ]),
)

const startsOn = fc.constantFrom(null, null, '2026-10-01')

/** What a person ruled: places in the lists of legs and rows. */
const ruling = fc.record({
  kind: fc.constantFrom<('match' | 'unmatch')[]>('match', 'unmatch', 'unmatch'),
  legs: fc.uniqueArray(fc.nat({ max: MOST_LEGS - 1 }), { minLength: 1, maxLength: 2 }),
  rows: fc.uniqueArray(fc.nat({ max: MOST_ROWS - 1 }), { minLength: 1, maxLength: 2 }),
})
type Ruling = typeof ruling extends fc.Arbitrary<infer T> ? T : never

// ---------------------------------------------------------------------------------------------------------------------
// A world while it is put together
// ---------------------------------------------------------------------------------------------------------------------

/** A world, and how many legs, refunds and rows it has ever had: no id is given twice. */
interface Stored {
  world: PlainWorld
  legs_ever: number
  refunds_ever: number
  rows_ever: number
  others_ever: number
  gone: PlainRow[]
}

function addRefund(stored: Stored, { direction, references, payment_keys, parts }: Refund): Stored {
  if (stored.world.legs.length + parts.length > MOST_LEGS) return stored
  const refund = `refund-${stored.refunds_ever}`
  const legs = parts.map((one, place) => ({
    id: `l${stored.legs_ever + place}`,
    refund,
    direction,
    ...one,
    references,
    payment_keys,
  }))
  return {
    ...stored,
    world: { ...stored.world, legs: [...stored.world.legs, ...legs] },
    legs_ever: stored.legs_ever + legs.length,
    refunds_ever: stored.refunds_ever + 1,
  }
}

function addRow(stored: Stored, { wanted_id, ...row }: RowToBe): Stored {
  const { world } = stored
  if (world.rows.length >= MOST_ROWS) return stored
  const wanted = { ...row, id: wanted_id ?? '' }
  const isTaken = [...world.rows, ...stored.gone].some((other) => nameOf(other) === nameOf(wanted))
  const id = wanted_id === null || isTaken ? `row-${stored.rows_ever}` : wanted_id
  return { ...stored, world: { ...world, rows: [...world.rows, { ...row, id }] }, rows_ever: stored.rows_ever + 1 }
}

function addOther(stored: Stored, one: Omit<PlainOther, 'id'>): Stored {
  const { world, others_ever } = stored
  if (world.others.length >= MOST_OTHERS) return stored
  const others = [...world.others, { ...one, id: `o${others_ever}` }]
  return { ...stored, world: { ...world, others }, others_ever: others_ever + 1 }
}

/** A ruling that can be made: of one direction and processor, and of no item that another one matches. */
function addRuling(stored: Stored, { kind, legs: legPlaces, rows: rowPlaces }: Ruling): Stored {
  const { world } = stored
  const { rulings } = world
  const legs = legPlaces.flatMap((place) => world.legs[place] ?? [])
  const rows = rowPlaces
    .flatMap((place) => world.rows[place] ?? [])
    .filter((row) => row.type !== 'refund_reversal')
    .filter((row) => legs.every((leg) => leg.direction === (row.type === 'vendor_refund' ? 'vendor' : 'customer')))
    .filter((row, _, all) => row.processor === all[0]?.processor)
  const [leg] = legs
  const [row] = rows
  if (leg === undefined || row === undefined) return stored
  if (kind === 'unmatch') {
    const pair = { leg: leg.id, row: nameOf(row) }
    const isRuled =
      rulings.unmatch.some((other) => other.leg === pair.leg && other.row === pair.row) ||
      rulings.match.some((other) => other.legs.includes(pair.leg) && other.rows.includes(pair.row))
    if (isRuled) return stored
    return { ...stored, world: { ...world, rulings: { ...rulings, unmatch: [...rulings.unmatch, pair] } } }
  }
  const match = { legs: legs.map(({ id }) => id), rows: rows.map(nameOf) }
  const ofOneProcessor = legs.every((one) => one.processor === leg.processor)
  const isRuled =
    rulings.match.some(
      (other) =>
        other.legs.some((id) => match.legs.includes(id)) || other.rows.some((name) => match.rows.includes(name)),
    ) || rulings.unmatch.some((other) => match.legs.includes(other.leg) && match.rows.includes(other.row))
  if (isRuled || !ofOneProcessor) return stored
  return { ...stored, world: { ...world, rulings: { ...rulings, match: [...rulings.match, match] } } }
}

const firstNight: fc.Arbitrary<Stored> = fc
  .record({
    starts_on: startsOn,
    processors,
    crowd: fc.oneof(
      { weight: 2, arbitrary: fc.constant({ refunds: [], rows: [] }) },
      { weight: 1, arbitrary: crowd },
      { weight: 1, arbitrary: returns },
    ),
    pairs: fc.array(pair, { maxLength: 2 }),
    refunds: fc.array(refund, { maxLength: 6 }),
    rows: fc.array(rowToBe, { maxLength: 7 }),
    besides: fc.array(fc.tuple(fc.nat({ max: MOST_ROWS - 1 }), beside), { maxLength: 3 }),
    others: fc.array(other, { maxLength: 2 }),
    rulings: fc.oneof(
      { weight: 2, arbitrary: fc.constant<Ruling[]>([]) },
      { weight: 1, arbitrary: fc.array(ruling, { minLength: 1, maxLength: 2 }) },
    ),
  })
  .map(({ starts_on, processors, crowd, pairs, refunds, rows, besides, others, rulings }) => {
    let stored: Stored = {
      world: {
        currency: 'USD',
        starts_on,
        processors,
        legs: [],
        rows: [],
        others: [],
        rulings: { match: [], unmatch: [] },
      },
      legs_ever: 0,
      refunds_ever: 0,
      rows_ever: 0,
      others_ever: 0,
      gone: [],
    }
    for (const one of [...crowd.refunds, ...pairs.map((each) => each.refund), ...refunds])
      stored = addRefund(stored, one)
    for (const row of [...crowd.rows, ...pairs.flatMap((each) => each.rows), ...rows]) stored = addRow(stored, row)
    for (const [place, one] of besides) {
      const row = stored.world.rows[place]
      if (row !== undefined && row.type !== 'refund_reversal') stored = addRow(stored, rowBeside(row, one))
    }
    for (const one of others) stored = addOther(stored, one)
    for (const one of rulings) stored = addRuling(stored, one)
    return stored
  })

/** Up to ten legs and twelve rows of two processors. */
export const smallWorld: fc.Arbitrary<PlainWorld> = firstNight.map(({ world }) => world)

// ---------------------------------------------------------------------------------------------------------------------
// From night to night
// ---------------------------------------------------------------------------------------------------------------------

/** What may happen before the next night. `place` chooses the leg, row or ruling, of those there are. */
type Change = (stored: Stored) => Stored

const at = <T>(items: readonly T[], place: number): T | undefined => items[place % Math.max(items.length, 1)]
const place = fc.nat({ max: 59 })

const withLegs = (stored: Stored, change: (leg: PlainLeg) => PlainLeg): Stored => ({
  ...stored,
  world: { ...stored.world, legs: stored.world.legs.map(change) },
})

const withRows = (stored: Stored, change: (row: PlainRow) => PlainRow): Stored => ({
  ...stored,
  world: { ...stored.world, rows: stored.world.rows.map(change) },
})

const newRefund = refund.map(
  (one): Change =>
    (stored) =>
      addRefund(stored, one),
)
const newRow = rowToBe.map(
  (one): Change =>
    (stored) =>
      addRow(stored, one),
)
const newPair = pair.map(
  ({ refund, rows }): Change =>
    (stored) =>
      rows.reduce(addRow, addRefund(stored, refund)),
)

const newRowBeside = fc.tuple(place, beside).map(
  ([place, one]): Change =>
    (stored) => {
      const row = at(
        stored.world.rows.filter((each) => each.type !== 'refund_reversal'),
        place,
      )
      return row === undefined ? stored : addRow(stored, rowBeside(row, one))
    },
)

/** A further leg of a refund: the external_id of the refund is then a key of none, so that each leg keeps one at most. */
const furtherLeg = fc.record({ place, one: part({ most: 1 }), same_key: fc.boolean() }).map(
  ({ place, one, same_key }): Change =>
    (stored) => {
      const beside = at(stored.world.legs, place)
      if (beside === undefined || stored.world.legs.length >= MOST_LEGS) return stored
      const single = withLegs(stored, (leg) =>
        leg.refund === beside.refund ? { ...leg, identity: leg.identity.slice(0, 1) } : leg,
      )
      const identity = same_key ? beside.identity.slice(0, 1) : one.identity
      const leg: PlainLeg = { ...beside, ...one, identity, id: `l${stored.legs_ever}` }
      return {
        ...single,
        world: { ...single.world, legs: [...single.world.legs, leg] },
        legs_ever: stored.legs_ever + 1,
      }
    },
)

/** A new leg of its own refund that names a row, or shares a payment with it. */
const newLegForRow = fc.record({ place, one: refund, by: fc.constantFrom('refund_id', 'id', 'payment') }).map(
  ({ place, one, by }): Change =>
    (stored) => {
      const row = at(stored.world.rows, place)
      const [first] = one.parts
      if (row === undefined || first === undefined) return stored
      const named = by === 'id' ? row.id : row.refund_id
      return addRefund(stored, {
        ...one,
        direction: row.type === 'vendor_refund' ? 'vendor' : 'customer',
        ...(by === 'payment' ? { references: row.payment_ids, payment_keys: row.payment_ids } : {}),
        parts: [{ ...first, identity: by === 'payment' || named === null ? [] : [named] }],
      })
    },
)

const changedLeg = fc
  .record({ place, what: fc.constantFrom('amount', 'fees', 'date', 'identity', 'processor'), one: part({ most: 1 }) })
  .map(
    ({ place, what, one }): Change =>
      (stored) => {
        const changed = at(stored.world.legs, place)
        return withLegs(stored, (leg) => {
          if (leg !== changed) return leg
          if (what === 'amount') return { ...leg, amount: one.amount }
          if (what === 'fees') return { ...leg, refund_fee: one.refund_fee, returned_fee: one.returned_fee }
          if (what === 'date') return { ...leg, date: one.date }
          if (what === 'identity') return { ...leg, identity: one.identity }
          return { ...leg, processor: one.processor }
        })
      },
  )

const changedKeysOfRefund = fc.tuple(place, keysOfRefund).map(
  ([place, keys]): Change =>
    (stored) => {
      const changed = at(stored.world.legs, place)
      return withLegs(stored, (leg) => (leg.refund === changed?.refund ? { ...leg, ...keys } : leg))
    },
)

const removedRefund = place.map(
  (place): Change =>
    (stored) => {
      const removed = at(stored.world.legs, place)
      const legs = stored.world.legs.filter((leg) => leg.refund !== removed?.refund)
      return { ...stored, world: { ...stored.world, legs } }
    },
)

/** A conflict that was accepted: the row stands with another figure, currency or date. */
const changedRow = fc
  .record({ place, what: fc.constantFrom('amount', 'fee', 'date', 'currency'), amount, date, currency })
  .map(
    ({ place, what, amount, date, currency }): Change =>
      (stored) => {
        const changed = at(stored.world.rows, place)
        return withRows(stored, (row) => {
          if (row !== changed) return row
          if (what === 'amount' && row.amount !== 0) return { ...row, amount: row.amount < 0 ? -amount : amount }
          if (what === 'fee') return { ...row, refund_fee: row.amount < 0 ? -15 : 15 }
          if (what === 'date') return { ...row, date }
          return { ...row, currency }
        })
      },
  )

/** "Payment ids and references are united with the stored ones; a refund_id ... is added where the stored row has none". */
const enrichedRow = fc.record({ place, refund_id: fc.option(refundId), payment_ids: paymentIds }).map(
  ({ place, refund_id, payment_ids }): Change =>
    (stored) => {
      const enriched = at(stored.world.rows, place)
      return withRows(stored, (row) =>
        row === enriched
          ? {
              ...row,
              refund_id: row.refund_id ?? refund_id,
              payment_ids: [...new Set([...row.payment_ids, ...payment_ids])],
            }
          : row,
      )
    },
)

const withdrawnRow = place.map(
  (place): Change =>
    (stored) => {
      const withdrawn = at(stored.world.rows, place)
      if (withdrawn === undefined) return stored
      const rows = stored.world.rows.filter((row) => row !== withdrawn)
      return { ...stored, world: { ...stored.world, rows }, gone: [...stored.gone, withdrawn] }
    },
)

/** "Importing it again brings it back." */
const rowBroughtBack = place.map(
  (place): Change =>
    (stored) => {
      const back = at(stored.gone, place)
      if (back === undefined || stored.world.rows.length >= MOST_ROWS) return stored
      const gone = stored.gone.filter((row) => row !== back)
      return { ...stored, world: { ...stored.world, rows: [...stored.world.rows, back] }, gone }
    },
)

const newOther = other.map(
  (one): Change =>
    (stored) =>
      addOther(stored, one),
)

const withdrawnOther = place.map(
  (place): Change =>
    (stored) => {
      const withdrawn = at(stored.world.others, place)
      const others = stored.world.others.filter((one) => one !== withdrawn)
      return { ...stored, world: { ...stored.world, others } }
    },
)

/** "A change of the settings that matter to matching ... never does it by itself": what is open goes by the new ones. */
const otherSettings = fc.record({ processors, starts_on: startsOn }).map(
  (changed): Change =>
    (stored) => ({ ...stored, world: { ...stored.world, ...changed } }),
)

const newRuling = ruling.map(
  (one): Change =>
    (stored) =>
      addRuling(stored, one),
)

const forgottenRuling = place.map(
  (place): Change =>
    (stored) => {
      const { world } = stored
      const forgotten = at<object>([...world.rulings.match, ...world.rulings.unmatch], place)
      const match = world.rulings.match.filter((one) => one !== forgotten)
      const unmatch = world.rulings.unmatch.filter((one) => one !== forgotten)
      return { ...stored, world: { ...world, rulings: { match, unmatch } } }
    },
)

const change: fc.Arbitrary<Change> = fc.oneof(
  newRefund,
  newRow,
  newPair,
  newRowBeside,
  newRowBeside,
  furtherLeg,
  newLegForRow,
  newLegForRow,
  changedLeg,
  changedKeysOfRefund,
  removedRefund,
  changedRow,
  enrichedRow,
  withdrawnRow,
  rowBroughtBack,
  newOther,
  withdrawnOther,
  otherSettings,
  newRuling,
  forgottenRuling,
)

/** Two to six nights: what is stored in each, derived from the one before by one to three changes. */
export const smallHistory: fc.Arbitrary<PlainWorld[]> = fc
  .tuple(firstNight, fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }))
  .map(([first, nights]) => {
    const history = [first]
    for (const changes of nights) {
      history.push(changes.reduce((stored, each) => each(stored), history.at(-1) ?? first))
    }
    return history.map(({ world }) => world)
  })

/**
 * Three histories of one business that share no key and no amount, and in each night only one of them goes on: what belongs
 * to a match that comes undone has nothing in common with what is loose otherwise.
 */
export const spreadHistory: fc.Arbitrary<PlainWorld[]> = fc
  .tuple(smallHistory, smallHistory, smallHistory)
  .map((parts) => {
    const nights = Math.max(...parts.map(({ length }) => length)) * parts.length
    return Array.from({ length: Math.min(nights, 8) }, (_, night) => {
      const worlds = parts.map((part, place) => {
        const own = Math.floor((night + parts.length - 1 - place) / parts.length)
        return apart(part[Math.min(own, part.length - 1)] ?? part[0], place + 1)
      })
      return together(worlds)
    })
  })

/** The same world with keys and amounts of its own; not all of the equal amounts stay equal. */
function apart(world: PlainWorld | undefined, part: number): PlainWorld {
  if (world === undefined) throw new Error('a history has a night')
  const key = (text: string): string => `${text}${part}`
  const keys = (texts: readonly string[]): string[] => texts.map(key)
  const name = (text: string): string => text.replace(/[^/]+$/, key)
  const amount = (id: string, cents: number): number =>
    cents + Math.sign(cents) * (10_000 * part + 1000 * (Number(/\d+/.exec(id)?.[0] ?? 0) % 3))
  return {
    ...world,
    legs: world.legs.map((leg) => ({
      ...leg,
      id: key(leg.id),
      refund: key(leg.refund),
      amount: amount(leg.id, leg.amount),
      identity: keys(leg.identity),
      references: keys(leg.references),
      payment_keys: keys(leg.payment_keys),
    })),
    rows: world.rows.map((row) => ({
      ...row,
      id: key(row.id),
      amount: amount(row.id, row.amount),
      refund_id: row.refund_id === null ? null : key(row.refund_id),
      payment_ids: keys(row.payment_ids),
      references: keys(row.references),
      payout_id: row.payout_id === null ? null : key(row.payout_id),
    })),
    others: world.others.map((other) => ({
      ...other,
      id: key(other.id),
      refund_id: other.refund_id === null ? null : key(other.refund_id),
      payment_ids: keys(other.payment_ids),
    })),
    rulings: {
      match: world.rulings.match.map(({ legs, rows }) => ({ legs: keys(legs), rows: rows.map(name) })),
      unmatch: world.rulings.unmatch.map(({ leg, row }) => ({ leg: key(leg), row: name(row) })),
    },
  }
}

/** All of them as one business, by the settings of the first. */
function together(worlds: readonly PlainWorld[]): PlainWorld {
  const [first] = worlds
  if (first === undefined) throw new Error('there is a world')
  return {
    ...first,
    legs: worlds.flatMap(({ legs }) => legs),
    rows: worlds.flatMap(({ rows }) => rows),
    others: worlds.flatMap(({ others }) => others),
    rulings: {
      match: worlds.flatMap(({ rulings }) => rulings.match),
      unmatch: worlds.flatMap(({ rulings }) => rulings.unmatch),
    },
  }
}
