/** The closed list of discrepancy codes (spec section 5), in its order: what each says, and what to do about it. */

/** error: somebody must act; timing: time should cure it; info: for information. */
export type DiscrepancyClass = 'error' | 'timing' | 'info'

export interface CodeText {
  class: DiscrepancyClass
  title: string
  meaning: string
  suggestion: string
}

const LIST = {
  MISSING_IN_LEDGER: {
    class: 'error',
    title: 'Missing in the ledger',
    meaning: 'The processor refunded this money, and the ledger has no refund for it.',
    suggestion:
      "Find out which sale it belongs to and record the refund in Layer with the processor's refund id as external id.",
  },
  AWAITING_LEDGER: {
    class: 'timing',
    title: 'Waiting for the ledger',
    meaning: 'The processor refunded this money a short time ago; the ledger may still record it.',
    suggestion: 'Nothing yet. From the due date on it counts as missing in the ledger.',
  },
  MISSING_AT_PROCESSOR: {
    class: 'error',
    title: 'Missing at the processor',
    meaning: "The ledger has this refund, and the processor's complete reports do not.",
    suggestion:
      'Look the refund up at the processor: it may be pending, cancelled or sent from another account. Decide after that.',
  },
  AWAITING_PROCESSOR: {
    class: 'timing',
    title: 'Waiting for the processor',
    meaning: 'The ledger has this refund, and processor reports for all dates on which it may appear are not here yet.',
    suggestion: "Import the processor's reports for the dates from this refund up to the due date.",
  },
  AMOUNT_MISMATCH: {
    class: 'error',
    title: 'Amount differs',
    meaning: 'The refund is on both sides with different amounts.',
    suggestion:
      "The processor's amount is what moved. Correct the refund in Layer, or claim the rest where too much moved.",
  },
  REFUND_FEE_MISMATCH: {
    class: 'error',
    title: 'Refund fee differs',
    meaning: 'What the processor charged for making the refund is not what the ledger recorded.',
    suggestion: "Correct the fee of the refund payment in Layer to the processor's.",
  },
  RETURNED_FEE_MISMATCH: {
    class: 'error',
    title: 'Returned fee differs',
    meaning: 'The part of the original fee that the processor gave back is not what the ledger recorded.',
    suggestion: 'Correct the refunded payment fees in Layer to what the processor gave back.',
  },
  WITHIN_TOLERANCE: {
    class: 'info',
    title: 'Differs within tolerance',
    meaning: 'The two sides differ by no more than the configured tolerance.',
    suggestion: 'Nothing to do; the difference stands in the tie-out.',
  },
  CURRENCY_MISMATCH: {
    class: 'error',
    title: 'Currency differs',
    meaning: 'The refund settled in another currency than the books are kept in.',
    suggestion:
      'Record the refund at what left the account, converted at the rate of its day; or add that rate to the rates file.',
  },
  CURRENCY_CONVERTED: {
    class: 'info',
    title: 'Settled in another currency',
    meaning:
      'The refund settled in another currency than the books are kept in, and the exchange rate explains the amount.',
    suggestion: 'Nothing to do; each currency stands in its own line of the tie-out.',
  },
  PROCESSOR_MISMATCH: {
    class: 'error',
    title: 'Booked to another processor',
    meaning: 'The ledger says another processor (or none) than the one whose report has the refund.',
    suggestion: 'Correct the processor of the refund payment in Layer, so that the right clearing account is used.',
  },
  REFUND_FAILED: {
    class: 'error',
    title: 'Refund failed',
    meaning: 'The refund is in the ledger, and the processor reversed it: the money came back.',
    suggestion:
      'Check that the customer was not paid another way. Reverse this refund in Layer; if the customer is still owed the money, refund it anew and book that as a refund of its own.',
  },
  CUTOFF_MISMATCH: {
    class: 'info',
    title: 'Falls into different months',
    meaning: 'Both sides agree on the money, but date it in different months.',
    suggestion: 'Accrue it at the month end if it matters; the two months together tie out.',
  },
  ALLOCATION_TARGET_MISMATCH: {
    class: 'error',
    title: 'Booked against another payment',
    meaning: 'The ledger allocates the refund to a payment other than the one that the processor refunded.',
    suggestion: 'Re-allocate the refund in Layer to the payment that the processor names.',
  },
  DUPLICATE_IN_LEDGER: {
    class: 'error',
    title: 'Recorded twice in the ledger',
    meaning: 'A second refund in the ledger claims a processor refund that is already matched.',
    suggestion:
      'Compare it with the refund that is matched. If this one was recorded by mistake, delete it in Layer, or reverse it where its month is closed.',
  },
  AMBIGUOUS_MATCH: {
    class: 'error',
    title: 'More than one way to match',
    meaning: 'Refunds of the same amount lie so close together that amount and date cannot tell them apart.',
    suggestion:
      "Give the ledger's refunds the processor's refund ids as external ids, or decide by hand which belong together.",
  },
  OVER_REFUND: {
    class: 'error',
    title: 'Refunded more than was paid',
    meaning: 'The refunds of a payment exceed it.',
    suggestion: 'Find out which refund was too much and get the money back.',
  },
  ALLOCATION_IMBALANCE: {
    class: 'error',
    title: 'Allocations do not add up',
    meaning: "The allocations of the ledger's refund do not sum to its amount.",
    suggestion: 'Correct the allocations of the refund in Layer.',
  },
  PAYMENT_IMBALANCE: {
    class: 'error',
    title: 'Payments do not add up',
    meaning: "The payments of the ledger's refund do not sum to its amount, or exceed it while it is not yet paid.",
    suggestion: 'Correct the payments of the refund in Layer, or its status.',
  },
  LINE_ITEM_IMBALANCE: {
    class: 'error',
    title: 'Line items do not add up',
    meaning: 'The line items of an allocation do not sum to it.',
    suggestion: 'Correct the line items of the allocation in Layer.',
  },
  FEE_TOTAL_MISMATCH: {
    class: 'error',
    title: "Month's fees differ",
    meaning: "The processor's fees of a month, compared as one total, are not those that the ledger recorded.",
    suggestion: "Compare the processor's invoice or fee lines with the fees in Layer, and correct the fees in Layer.",
  },
  FEES_NOT_COMPARED: {
    class: 'info',
    title: 'Fees not compared',
    meaning: "The processor's fees of a month are not compared with the ledger's.",
    suggestion:
      "Nothing to do where that is meant. Else import the processor's fee lines, or give the month's total with `tieout fees set`.",
  },
  LEDGER_REFUND_REMOVED: {
    class: 'info',
    title: 'Gone from the ledger',
    meaning: 'A refund that was in the ledger before is no longer in its complete listing.',
    suggestion: 'Nothing to do if it was removed on purpose, such as a duplicate. If the money moved, record it again.',
  },
  CHANGED_AFTER_CLOSE: {
    class: 'error',
    title: 'Changed after the close',
    meaning: 'Something of a month that was signed off is no longer as it was signed.',
    suggestion: 'Decide whether the change is right: if so, reopen the month and sign it again; if not, undo it.',
  },
} as const satisfies Record<string, CodeText>

export type Code = keyof typeof LIST

/** Every discrepancy code with its class and its words, in the order of the specification. */
export const CODES: Readonly<Record<Code, CodeText>> = LIST
