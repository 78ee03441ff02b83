/** Proposes a refund in Layer for every refund that is missing in the ledger; proposing again changes nothing. */

import { instantText, zonedMillis } from '../core/period.ts'
import {
  type Candidate,
  readAllocations,
  readCandidates,
  readReportedPayments,
  readTakenExternalIds,
  readUsualMethods,
  type UsualMethod,
} from './sources.ts'
import {
  type Act,
  type Correction,
  changeCorrection,
  type Database,
  type Db,
  readCorrections,
  type StandingCorrection,
  storeCorrection,
} from './store.ts'
import { leftOfPayment, resolveTarget, targetKeys } from './target.ts'

interface LeftOut {
  discrepancy_id: string
  transaction_id: string
  /** in words */
  reason: string
}

export interface Proposed {
  /** correction ids */
  proposed: string[]
  needs_target: string[]
  obsolete: string[]
  /** there already, with any status */
  unchanged: string[]
  left_out: LeftOut[]
}

/**
 * One transaction; the caller holds the business's lock. `only` limits it to some discrepancies (null: all), but what is
 * obsolete is always said to be.
 */
export const proposeCorrections = (
  database: Database,
  business_id: string,
  act: Act,
  only: ReadonlySet<string> | null = null,
): Promise<Proposed> =>
  database.transaction(async (db) => {
    const said: Proposed = { proposed: [], needs_target: [], obsolete: [], unchanged: [], left_out: [] }
    const existing = await dropObsolete(db, business_id, act, said)
    const candidates = (await readCandidates(db, business_id)).filter(
      ({ discrepancy_id }) => only === null || only.has(discrepancy_id),
    )
    const by_row = new Map(existing.map((correction) => [correction.row_no, correction]))
    const taken = new Set(existing.map(({ direction, external_id }) => `${direction} ${external_id}`))
    const methods = await readUsualMethods(db, business_id)
    for (const direction of ['customer', 'vendor'] as const) {
      const rows = candidates.filter((row) => row.direction === direction)
      if (rows.length === 0) continue
      const keys = [...new Set(rows.flatMap(targetKeys))]
      const allocations = await readAllocations(db, business_id, direction, keys)
      const payments = direction === 'vendor' ? await readReportedPayments(db, business_id, keys) : []
      const in_layer = await readTakenExternalIds(db, business_id, direction, rows.map(externalIdOf))
      for (const row of rows) {
        const before = by_row.get(row.row_no)
        if (before && !isProposable(before, only !== null)) {
          said.unchanged.push(before.correction_id)
          continue
        }
        const external_id = before?.external_id ?? externalIdOf(row)
        const clash = !before && taken.has(`${direction} ${external_id}`)
        const reason = whyNot(row, clash ? 'another correction' : (in_layer.get(external_id) ?? null))
        if (reason !== null) {
          said.left_out.push({ discrepancy_id: row.discrepancy_id, transaction_id: row.transaction_id, reason })
          continue
        }
        const { missing, payment_key, ...resolved } = resolveTarget(row, allocations)
        const known = payment_key === null ? null : leftOfPayment(payment_key, row.processor, payments, allocations)
        const status = resolved.target === null ? 'needs_target' : 'proposed'
        const standing = { ...resolved, status, expected_amount: known, outcome: missing } as const
        if (before?.status === 'needs_target' && status === 'needs_target') {
          said.unchanged.push(before.correction_id)
          continue
        }
        if (before) {
          const anew = { ...NOT_REQUESTED, discrepancy_id: row.discrepancy_id, proposed_by: act.by, ...standing }
          await changeCorrection(db, business_id, before, anew, act)
        } else {
          await storeCorrection(db, business_id, { ...made(row, external_id, methods, act), ...standing }, act)
          taken.add(`${direction} ${external_id}`)
        }
        said[status].push(row.correction_id)
      }
    }
    return said
  })

/** What a correction loses when it is proposed anew. */
export const NOT_REQUESTED = {
  request_path: null,
  request_body: null,
  request_sha256: null,
  approved_by: null,
  layer_refund_id: null,
} as const

/** A rejected one is proposed anew only where a person names it. */
const isProposable = ({ status }: Correction, named: boolean): boolean =>
  status === 'needs_target' || status === 'obsolete' || (named && status === 'rejected')

const MAY_BECOME_OBSOLETE = ['needs_target', 'proposed', 'approved', 'failed']

/** Whether the finding that a correction is for still waits for it. */
export const isWanted = ({ discrepancy_status }: Pick<StandingCorrection, 'discrepancy_status'>): boolean =>
  discrepancy_status === 'open' || discrepancy_status === 'acknowledged'

const dropObsolete = async (db: Db, business_id: string, act: Act, said: Proposed): Promise<StandingCorrection[]> => {
  const corrections: StandingCorrection[] = []
  for (const correction of await readCorrections(db, business_id)) {
    if (isWanted(correction) || !MAY_BECOME_OBSOLETE.includes(correction.status)) {
      corrections.push(correction)
      continue
    }
    corrections.push(await makeObsolete(db, business_id, correction, act))
    said.obsolete.push(correction.correction_id)
  }
  return corrections
}

/** The discrepancy is gone: nothing is to be posted. */
export const makeObsolete = (
  db: Db,
  business_id: string,
  correction: StandingCorrection,
  act: Act,
): Promise<StandingCorrection> => {
  const gone = correction.discrepancy_status === 'cleared' ? 'is cleared' : 'was resolved by a person'
  const outcome = `not needed any more: its discrepancy ${gone}`
  return changeCorrection(db, business_id, correction, { status: 'obsolete', outcome }, act)
}

/** By which pass 1 will match it: the refund's id, or where several lines bear that one, the line's. */
const externalIdOf = ({ refund_id, transaction_id, shares_refund_id }: Candidate): string =>
  refund_id === null || refund_id.trim() === '' || shares_refund_id ? transaction_id : refund_id

/** Why no refund is proposed for a row; null: there is one to propose. `bearer` has its external id already. */
const whyNot = (row: Candidate, bearer: string | null): string | null => {
  if (row.type === 'refund_reversal')
    return 'the processor took a refund back, and Layer has no refund that undoes one: correct the original refund in Layer'
  if (row.is_reversed) return 'the processor took (part of) this refund back: enter in Layer by hand what remains of it'
  if (row.may_be_cut)
    return "Layer's last listing of refunds may be cut off, and the refund may be in the part that did not come: look it up in Layer"
  if (row.currency !== row.ledger_currency)
    return `it is in ${row.currency}, the books are in ${row.ledger_currency}: enter the converted amount in Layer by hand`
  if (row.amount <= 0n) return 'its amount is 0: Layer takes no refund of nothing'
  if (row.amount > BigInt(Number.MAX_SAFE_INTEGER))
    return 'its amount is larger than JSON numbers can hold: enter it in Layer by hand'
  if (bearer !== null)
    return `its external id ${externalIdOf(row)} belongs to another refund (${bearer}), and Layer would take the two for one: look at that one`
  return null
}

const made = (
  row: Candidate,
  external_id: string,
  methods: readonly UsualMethod[],
  act: Act,
): Omit<Correction, 'status'> => ({
  ...NOT_REQUESTED,
  correction_id: row.correction_id,
  row_no: row.row_no,
  discrepancy_id: row.discrepancy_id,
  direction: row.direction,
  external_id,
  amount: row.amount,
  refund_fee: row.refund_fee,
  returned_fee: row.returned_fee,
  currency: row.currency,
  processor: row.processor,
  method:
    methods.find(({ direction, processor }) => direction === row.direction && processor === row.processor)?.method ??
    (row.direction === 'customer' ? 'CREDIT_CARD' : 'OTHER'),
  completed_at: row.occurred_at ?? noonOf(row),
  target: null,
  target_source: null,
  expected_amount: null,
  outcome: null,
  proposed_by: act.by,
})

/** Layer wants an instant: of a line with a date alone the middle of that day, which is that date in most zones. */
const noonOf = ({ occurred_on, time_zone }: Candidate): string =>
  instantText(zonedMillis(`${occurred_on} 12:00:00`, time_zone))
