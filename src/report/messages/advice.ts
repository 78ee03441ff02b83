/** What to do about a finding, as its hints let it be said: nothing that a hint contradicts. */

import { CODES, type Code } from '../../core/discrepancy.ts'
import type { BusinessLine } from '../lines.ts'
import type { HintKind } from '../related/hint.ts'
import type { Found } from './message-facts.ts'
import { processorName } from './phrases.ts'

/** What to do about a finding: by its strongest hint, else what its own case or its code asks for. */
export const suggestionOf = (found: Found, { processors }: Pick<BusinessLine, 'processors'>): string => {
  const advise = ADVICE[found.code] ?? (() => CODES[found.code].suggestion)
  return advise(found, new Set(found.related.map(({ kind }) => kind)), processors)
}

type Kinds = ReadonlySet<HintKind>
type Advise = (found: Found, kinds: Kinds, processors: readonly string[]) => string

const hasAny = (kinds: Kinds, ...wanted: readonly HintKind[]): boolean => wanted.some((kind) => kinds.has(kind))

const SAME_MONEY =
  "Check first whether it is the same money as the item named above: if so, give the ledger's refund the processor's refund id as external id, or match the two with `tieout review match`."

/** Of a row that the ledger lacks, or is to get. */
const inLedger: Advise = (found, kinds) => {
  const [row] = found.rows
  if (row?.type === 'refund_reversal') return row.reverses === null ? OLD_REFUND_FAILED : REFUND_TAKEN_BACK
  if (kinds.has('ledger_unpaid')) return 'Check that refund in Layer and add the payment of this line to it.'
  if (kinds.has('ledger_quarantined')) return 'Mend that refund in Layer, so that it can be read.'
  if (kinds.has('ledger_outside'))
    return 'Check how that refund was paid: if by this line, correct the method and the processor of its payment in Layer.'
  if (kinds.has('ledger_before_start')) return 'Check the date of that refund in Layer: it lies before the start.'
  if (kinds.has('refunded_again'))
    return "Check whether the refund that failed was made again by this line: if so, give the ledger's refund the id of this line."
  if (hasAny(kinds, 'same_id_elsewhere', 'similar_id', 'shared_key', 'sum', 'same_amount')) return SAME_MONEY
  if (kinds.has('chargeback'))
    return 'Check the chargeback of the same payment first: the money may have left twice. Then find out which sale it belongs to and book each of the two as what it is.'
  return CODES[found.code].suggestion
}

const OLD_REFUND_FAILED =
  'Check whether the ledger has the refund that was taken back: if so, reverse it there. Record no new refund for this line.'
const REFUND_TAKEN_BACK =
  'Decide it together with the refund that was taken back: what remains of the two belongs in the ledger.'

/** Of a leg that the processor lacks. */
const atProcessor: Advise = (found, kinds, processors) => {
  const [leg] = found.legs
  const named = leg?.processor ?? found.processor
  if (kinds.has('payment_id'))
    return "The ledger names the payment instead of the refund: give its refund payment the processor's refund id as external id."
  if (kinds.has('same_id_elsewhere') && named !== null && named !== 'UNASSIGNED' && !processors.includes(named))
    return `If ${processorName(named)} is another name of that processor, add it under aliases in tieout.yaml; else correct the processor of the refund payment in Layer.`
  if (hasAny(kinds, 'same_id_elsewhere', 'similar_id')) return SAME_MONEY
  if (kinds.has('chargeback'))
    return 'Check whether it stands for the chargeback: if so, book it as a dispute instead of a refund. Send no money.'
  if (kinds.has('payment_refunded'))
    return 'Compare it with the refunds of the same payment, of which nothing is left: it is probably booked twice. If so, delete this one in Layer. Send no money.'
  if (kinds.has('booked_already'))
    return 'Compare it with the refund named above: they may be one refund booked twice, or two parts of one payment. Delete this one in Layer only if it is the same; send no money before that is known.'
  if (kinds.has('other_line'))
    return 'Check that line at the processor: if the authorisation was voided or the payment adjusted, no refund was needed. Send no money before that.'
  if (hasAny(kinds, 'shared_key', 'sum', 'same_amount')) return SAME_MONEY
  const said = found.code === 'AWAITING_PROCESSOR' ? CODES.AWAITING_PROCESSOR.suggestion : lookUp(found)
  return kinds.has('failed_refund')
    ? `Check whether it is the refund that failed: if so, reverse it in Layer. Else: ${said[0]?.toLowerCase()}${said.slice(1)}`
    : said
}

const lookUp = (found: Found): string => {
  const [leg] = found.legs
  if (leg?.processor === 'UNASSIGNED') {
    const method = leg.method === null ? 'its method' : leg.method
    return `Find out how it was paid. If no processor moved it (by bank, in cash), add ${method} to outside.methods in tieout.yaml; if a processor did, name it in Layer.`
  }
  return 'Look the refund up at the processor: it may be pending for lack of balance, have been cancelled before it was sent, or have been sent from another account. If it was cancelled, reverse it in Layer. Only if the customer is still owed the money, make the refund.'
}

const ADVICE: Partial<Record<Code, Advise>> = {
  MISSING_IN_LEDGER: inLedger,
  AWAITING_LEDGER: (found, kinds, processors) =>
    kinds.size === 0 && found.rows[0]?.type !== 'refund_reversal'
      ? CODES.AWAITING_LEDGER.suggestion
      : inLedger(found, kinds, processors),
  MISSING_AT_PROCESSOR: atProcessor,
  AWAITING_PROCESSOR: atProcessor,
  DUPLICATE_IN_LEDGER: (_found, kinds) =>
    kinds.has('same_amount')
      ? 'Compare the two. If this one is another refund whose id is wrong, correct its external id in Layer; if it is recorded twice, delete one.'
      : CODES.DUPLICATE_IN_LEDGER.suggestion,
  REFUND_FAILED: (_found, kinds) => {
    if (kinds.has('refunded_again'))
      return "Check whether it was made again: if so, give the ledger's refund the new refund's id as external id, and reverse nothing."
    if (
      hasAny(
        kinds,
        'same_id_elsewhere',
        'similar_id',
        'payment_id',
        'booked_already',
        'other_line',
        'shared_key',
        'sum',
        'same_amount',
      )
    )
      return 'Check whether the customer got the money another way, as named above. Reverse the refund in Layer, and book what did go out.'
    if (kinds.has('chargeback') || kinds.has('payment_refunded'))
      return 'Reverse the refund in Layer. Send no money: the payment went back already.'
    return CODES.REFUND_FAILED.suggestion
  },
  OVER_REFUND: (found) =>
    found.rows.some(({ type }) => type === 'chargeback')
      ? 'The payment was both refunded and charged back: contest the chargeback at the processor with proof of the refund, or get the refund back.'
      : CODES.OVER_REFUND.suggestion,
  PROCESSOR_MISMATCH: (found, _kinds, processors) => {
    const named = found.legs.find(({ processor }) => processor !== 'UNASSIGNED' && !processors.includes(processor))
    const there = found.rows[0]?.processor ?? found.processor
    return named === undefined
      ? CODES.PROCESSOR_MISMATCH.suggestion
      : `If ${named.processor} is another name of ${processorName(there)}, add it under its aliases in tieout.yaml; else correct the processor of the refund payment in Layer.`
  },
}
