/** What to do about a finding, as its hints let it be said: nothing that a hint contradicts. */

import { CODES, type Code } from '../../core/discrepancy.ts'
import type { BusinessLine } from '../lines.ts'
import type { HintKind } from '../related/hint.ts'
import type { Found } from './message-facts.ts'
import { PROPER_NAMES, processorName, sum } from './phrases.ts'

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

const ONE_FOR_BOTH =
  'Check first whether it is a part of the refund named above: if so, all is there, and `tieout review match` rules that they are one; else correct each in Layer.'

/** Of a row that the ledger lacks, or is to get. */
const inLedger: Advise = (found, kinds) => {
  const [row] = found.rows
  const is_vendor = found.direction === 'vendor'
  if (row?.type === 'refund_reversal') return row.reverses === null ? OLD_REFUND_FAILED : refundTakenBack(row.reverses)
  if (kinds.has('ledger_unpaid')) return 'Check that refund in Layer and add the payment of this line to it.'
  if (kinds.has('ledger_quarantined')) return 'Mend that refund in Layer, so that it can be read.'
  if (kinds.has('ledger_outside'))
    return 'Check how that refund was paid: if by this line, correct the method and the processor of its payment in Layer.'
  if (kinds.has('ledger_before_start')) return 'Check the date of that refund in Layer: it lies before the start.'
  if (kinds.has('ledger_removed'))
    return "Check why that refund was removed from Layer: if it stands for this line, record it again with the processor's refund id as external id."
  if (kinds.has('refunded_again'))
    return "Check whether the refund that failed was made again by this line: if so, give the ledger's refund the id of this line."
  if (hasAny(kinds, 'same_id_elsewhere', 'similar_id')) return SAME_MONEY
  if (kinds.has('other_part')) return ONE_FOR_BOTH
  if (hasAny(kinds, 'shared_key', 'sum', 'same_amount')) return SAME_MONEY
  if (kinds.has('chargeback'))
    return 'Check the chargeback of the same payment first: the money may have left twice. Then find out which sale it belongs to and book each of the two as what it is.'
  if (kinds.has('payment_refunded'))
    return is_vendor
      ? 'More came back than was paid: ask the vendor which of the refunds is right, then record what is kept in Layer.'
      : 'More went back than was paid: find out whether this refund was a mistake and get the money back if so; then record in Layer what happened.'
  return is_vendor ? OF_VENDOR : CODES[found.code].suggestion
}

const OF_VENDOR =
  "Find out which bill it belongs to and record the vendor's refund in Layer with the processor's id as external id."

const OLD_REFUND_FAILED =
  'Check whether the ledger has the refund that was taken back: if so, reverse it there. Record no new refund for this line.'
const refundTakenBack = (refund: string): string =>
  `Decide it together with the refund that was taken back (${refund}): what remains of the two belongs in the ledger. If nothing does, see whether the customer is still owed the money.`

/** Of a leg that the processor lacks. */
const atProcessor: Advise = (found, kinds, processors) => {
  const [leg] = found.legs
  const named = leg?.processor ?? found.processor
  if (kinds.has('payment_id'))
    return "The ledger names the payment instead of the refund: give its refund payment the processor's refund id as external id."
  const is_unknown = named !== null && named !== 'UNASSIGNED' && !processors.includes(named)
  if (is_unknown && hasAny(kinds, 'same_id_elsewhere', 'shared_key') && named in PROPER_NAMES)
    return `${processorName(named)} is another processor than the one of the line named above: if that line is this refund, name its processor in Layer.`
  if (is_unknown && hasAny(kinds, 'same_id_elsewhere', 'shared_key'))
    return `If ${processorName(named)} is another name of that processor, add it under aliases in tieout.yaml; else correct the processor of the refund payment in Layer.`
  if (kinds.has('line_quarantined'))
    return 'Look at that line with `tieout quarantine show`, and at the refund at the processor. If it was made, get a corrected file, or dismiss the line with a note; if it failed, reverse the refund in Layer. Send no money before that.'
  if (hasAny(kinds, 'same_id_elsewhere', 'similar_id')) return SAME_MONEY
  if (kinds.has('other_part')) return ONE_FOR_BOTH
  if (kinds.has('chargeback'))
    return 'Check whether it stands for the chargeback: if so, book it as a dispute instead of a refund. Send no money.'
  if (kinds.has('payment_refunded'))
    return 'Compare it with the refunds of the same payment, of which nothing is left: it is probably booked twice. If so, delete this one in Layer. Send no money.'
  if (kinds.has('booked_already'))
    return 'Compare it with the refund named above: they may be one refund booked twice, or two parts of one payment. Delete this one in Layer only if it is the same; send no money before that is known.'
  if (kinds.has('other_line'))
    return 'Check that line at the processor: if the authorisation was voided or the payment adjusted, no refund was needed. Send no money before that.'
  if (hasAny(kinds, 'shared_key', 'sum', 'same_amount')) return SAME_MONEY
  if (is_unknown && found.code !== 'AWAITING_PROCESSOR') return configure(processorName(named))
  const said =
    found.code === 'AWAITING_PROCESSOR'
      ? `${CODES.AWAITING_PROCESSOR.suggestion} Send no money before that.`
      : lookUp(found)
  return kinds.has('failed_refund')
    ? `Check whether it is the refund that failed: if so, reverse it in Layer. Else: ${said[0]?.toLowerCase()}${said.slice(1)}`
    : said
}

const configure = (name: string): string =>
  `${name} is not configured. If it is another name of a processor that is, add it under aliases in tieout.yaml; if its refunds are to be reconciled, add it there with its files; if no processor moved the money, add it to outside.processors. If another processor made the refund, correct it in Layer.`

const lookUp = (found: Found): string => {
  const [leg] = found.legs
  if (found.direction === 'vendor' && leg?.processor !== 'UNASSIGNED')
    return 'Look for the money at the processor: it may be on its way, or have come to another account. Only if the vendor still owes it, ask for it; if it will not come, reverse the refund in Layer.'
  if (leg?.processor === 'UNASSIGNED') {
    const method = leg.method === null ? 'its method' : leg.method
    return `Find out how it was paid, as in the bank statement. If a processor moved it, name it in Layer. Only if no refund by ${method} ever goes through a processor, add ${method} to outside.methods in tieout.yaml.`
  }
  return 'Look the refund up at the processor: it may be pending for lack of balance, have been cancelled before it was sent, or have been sent from another account, whose files are then to be imported. If it was cancelled, reverse it in Layer. Only if the customer is still owed the money, make the refund.'
}

/** Of matched money that differs. */
const mismatch: Advise = (found, kinds) => {
  if (kinds.has('conflict_line'))
    return 'Check at the processor which of its two lines is right: `tieout quarantine accept` takes the other one, `dismiss` keeps the one that stands. Correct the refund in Layer only then.'
  if (kinds.has('other_part')) return ONE_FOR_BOTH
  if (found.code !== 'AMOUNT_MISMATCH') return CODES[found.code].suggestion
  const is_booked_higher = sum(found.legs.map(({ amount }) => amount)) > sum(found.rows.map(({ amount }) => amount))
  const [higher, lower] =
    found.direction === 'vendor'
      ? ['ask the vendor for the rest', 'give the rest back to the vendor']
      : ['the customer is still owed the rest', 'ask the customer for the rest back']
  return `Check which amount was agreed. If the processor's is right, correct the refund in Layer; if the ledger's amount was agreed, ${is_booked_higher ? higher : lower}.`
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
    kinds.has('other_part')
      ? ONE_FOR_BOTH
      : kinds.has('same_amount')
        ? 'Compare the two. If this one is another refund whose id is wrong, correct its external id in Layer; if it is recorded twice, delete one.'
        : CODES.DUPLICATE_IN_LEDGER.suggestion,
  REFUND_FAILED: (found, kinds) => {
    if (kinds.has('ledger_outside'))
      return 'Check whether the customer got the money by the refund named above: if so, reverse this one in Layer. Send no money before that.'
    if (hasAny(kinds, 'ledger_unpaid', 'ledger_before_start'))
      return 'Check the refund named above: it may be this one, made again. Reverse the one that failed in Layer, and book what did go out.'
    if (kinds.has('refunded_again'))
      return "Check whether it was made again: if so, give the ledger's refund the new refund's id as external id, and reverse nothing."
    if (kinds.has('booked_already'))
      return 'Check whether the refund named above is this one, made again: it is booked and matched, so reverse only this one in Layer. Send no money before that.'
    if (
      hasAny(kinds, 'same_id_elsewhere', 'similar_id', 'payment_id', 'other_line', 'shared_key', 'sum', 'same_amount')
    )
      return 'Check whether the customer got the money another way, as named above. Reverse the refund in Layer, and book what did go out.'
    if (kinds.has('chargeback') || kinds.has('payment_refunded'))
      return 'Reverse the refund in Layer. Send no money: the payment went back already.'
    return found.direction === 'vendor'
      ? 'Reverse the refund in Layer, and ask the vendor for the money.'
      : CODES.REFUND_FAILED.suggestion
  },
  LEDGER_REFUND_REMOVED: (_found, kinds) => {
    if (kinds.has('booked_already'))
      return 'Nothing to do if it was a duplicate of the refund named above. If it was another one whose money moved, record it again.'
    if (kinds.has('failed_refund') && !hasAny(kinds, 'same_id_elsewhere', 'similar_id', 'shared_key', 'sum'))
      return 'Nothing to do if it was the refund that failed.'
    if (hasAny(kinds, 'same_id_elsewhere', 'similar_id', 'shared_key', 'payment_id', 'sum', 'same_amount'))
      return "Check whether the line named above is this refund: if so its money moved, and the refund is to be recorded again with the processor's refund id as external id."
    return CODES.LEDGER_REFUND_REMOVED.suggestion
  },
  AMOUNT_MISMATCH: mismatch,
  REFUND_FEE_MISMATCH: mismatch,
  RETURNED_FEE_MISMATCH: mismatch,
  OVER_REFUND: (found) =>
    found.rows.some(({ type }) => type === 'chargeback')
      ? 'The payment was both refunded and charged back: contest the chargeback at the processor with proof of the refund while there is time; else ask the customer for the refund back.'
      : CODES.OVER_REFUND.suggestion,
  PROCESSOR_MISMATCH: (found, _kinds, processors) => {
    const named = found.legs.find(({ processor }) => processor !== 'UNASSIGNED' && !processors.includes(processor))
    const there = found.rows[0]?.processor ?? found.processor
    return named === undefined
      ? CODES.PROCESSOR_MISMATCH.suggestion
      : `If ${named.processor} is another name of ${processorName(there)}, add it under its aliases in tieout.yaml; else correct the processor of the refund payment in Layer.`
  },
}
