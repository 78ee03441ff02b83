/** What persons decide of corrections: the target, approval, rejection. */

import { UsageFault } from '../core/errors.ts'
import { samePerson } from '../core/person.ts'
import { isWanted, NOT_REQUESTED } from './propose.ts'
import { requestFor } from './request.ts'
import { readAllocations, readReportedPayments } from './sources.ts'
import { type Act, changeCorrection, type Db, type Direction, type StandingCorrection, type Target } from './store.ts'
import { isKnownToDiffer, knownDifferences, leftOfPayment } from './target.ts'

const INVOICE_FIELDS = ['invoice_id', 'invoice_external_id']

/** The names of Layer's target fields that a person may give. */
export const TARGET_FIELDS = [
  ...INVOICE_FIELDS,
  ...['bill_id', 'bill_external_id', 'bill_line_item_id', 'bill_line_item_external_id'],
  ...['bill_payment_id', 'bill_payment_external_id'],
] as const

/** Checks a target that a person gave, and brings it into the form in which Layer takes it. Throws UsageFault. */
const givenTarget = async (db: Db, business_id: string, direction: Direction, given: Target): Promise<Target> => {
  const fields = Object.keys(given)
  const wrong = fields.filter((field) => INVOICE_FIELDS.includes(field) !== (direction === 'customer'))
  if (wrong.length > 0) {
    const expected = direction === 'customer' ? '--invoice-id' : '--bill-id, --bill-line-item-id or --bill-payment-id'
    throw new UsageFault(`a ${direction} refund takes no ${wrong.join(', ')}: expected ${expected}`)
  }
  if (direction === 'vendor') return given
  const { invoice_id, invoice_external_id } = given
  if (invoice_external_id === undefined) return given
  const named = await readAllocations(db, business_id, 'customer', [invoice_external_id])
  const found = [
    ...new Set(named.flatMap((each) => (each.field === 'invoice_external_id' ? (each.invoice_id ?? []) : []))),
  ]
  const [only] = found
  if (only === undefined || found.length > 1 || (invoice_id !== undefined && invoice_id !== only)) {
    const there = found.length === 0 ? 'no refund in the ledger names it' : `refunds name it as ${found.join(', ')}`
    throw new UsageFault(
      `--invoice-external-id ${invoice_external_id}: Layer takes an invoice by its id alone, and ${there}; give --invoice-id`,
    )
  }
  return { invoice_id: only }
}

const MAY_GET_TARGET = ['needs_target', 'proposed', 'approved', 'failed']

/** A person says what is refunded: the correction is then proposed by that person, and needs a new approval. */
export const giveTarget = async (
  db: Db,
  business_id: string,
  correction: StandingCorrection,
  given: Target,
  act: Act,
): Promise<StandingCorrection> => {
  if (!MAY_GET_TARGET.includes(correction.status)) throw new UsageFault(`${refused(correction)} get another target`)
  const target = await givenTarget(db, business_id, correction.direction, given)
  const key = target['bill_payment_external_id']
  const keys = key === undefined ? [] : [key]
  const payments = await readReportedPayments(db, business_id, keys)
  const allocations = await readAllocations(db, business_id, correction.direction, keys)
  const expected_amount = key === undefined ? null : leftOfPayment(key, correction.processor, payments, allocations)
  const standing = { target, target_source: 'person', expected_amount, outcome: null, proposed_by: act.by } as const
  const note = `target given: ${Object.entries(target)
    .map((pair) => pair.join(' '))
    .join(', ')}`
  return changeCorrection(
    db,
    business_id,
    correction,
    { ...NOT_REQUESTED, ...standing, status: 'proposed' },
    { ...act, note },
  )
}

export interface Approval extends Act {
  four_eyes: boolean
  /** given by the approver; null: as proposed */
  target: Target | null
  note: string | null
  /** why it is made although it is known to come out otherwise than meant */
  despite?: string | null
}

/** Approves a proposal: from here on the request stands as it will be sent. Throws UsageFault where that may not be. */
export const approveCorrection = async (
  db: Db,
  business_id: string,
  correction: StandingCorrection,
  approval: Approval,
): Promise<StandingCorrection> => {
  const { four_eyes, target: given, despite = null, ...act } = approval
  if (!isWanted(correction))
    throw new UsageFault(`${refused(correction)} be approved: its discrepancy is not open any more`)
  if (four_eyes && given !== null) {
    throw new UsageFault(
      `correction ${correction.correction_id}: with four_eyes a target is given with \`corrections propose\` by one person and approved by another`,
    )
  }
  const ready = given === null ? correction : await giveTarget(db, business_id, correction, given, approval)
  if (ready.status === 'needs_target') throw new UsageFault(`${refused(ready)} be approved: ${ready.outcome}`)
  if (ready.status !== 'proposed') throw new UsageFault(`${refused(ready)} be approved: expected a proposed one`)
  if (four_eyes && samePerson(ready.proposed_by, approval.by)) {
    throw new UsageFault(
      `${refused(ready)} be approved by ${approval.by}, who proposed it: four_eyes asks for another person`,
    )
  }
  if (ready.target === null) throw new UsageFault(`${refused(ready)} be approved without a target`)
  const differs = isKnownToDiffer(ready)
  if (differs && despite === null) {
    throw new UsageFault(
      `${refused(ready)} be approved as it is: ${knownDifferences(ready).join('; ')}. To have it made all the same, say why with --despite REASON`,
    )
  }
  const request = requestFor(business_id, ready, ready.target)
  const approved = { ...request, status: 'approved', approved_by: approval.by, outcome: null } as const
  const notes = [...(differs ? [`despite what will differ: ${despite}`] : []), ...(act.note === null ? [] : [act.note])]
  return changeCorrection(db, business_id, ready, approved, { ...act, note: notes.join('; ') || null })
}

const MAY_BE_REJECTED = ['needs_target', 'proposed', 'approved', 'failed']

/** It is not proposed again. Throws UsageFault where the request may have reached Layer. */
export const rejectCorrection = async (
  db: Db,
  business_id: string,
  correction: StandingCorrection,
  act: Act & { note: string | null },
): Promise<StandingCorrection> => {
  if (!MAY_BE_REJECTED.includes(correction.status)) throw new UsageFault(`${refused(correction)} be rejected any more`)
  const outcome = act.note === null ? `rejected by ${act.by}` : `rejected by ${act.by}: ${act.note}`
  return changeCorrection(db, business_id, correction, { status: 'rejected', outcome }, act)
}

const refused = ({ correction_id, status }: StandingCorrection): string =>
  `correction ${correction_id} is ${status.replace('_', ' ')} and cannot`
