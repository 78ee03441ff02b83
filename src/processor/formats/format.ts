/** The contract of a report format: how a processor's file becomes canonical rows (spec section 3). */

export type RowType =
  | 'refund'
  | 'refund_reversal'
  | 'vendor_refund'
  | 'payment'
  | 'chargeback'
  | 'chargeback_reversal'
  | 'other'

/**
 * One canonical row. Amounts are minor units of `currency`.
 * refund, vendor_refund, chargeback: amount, refund_fee, returned_fee >= 0. refund_reversal, chargeback_reversal:
 * amount <= 0, a cost is a returned fee taken back (returned_fee < 0), a fee given back undoes the refund fee
 * (refund_fee < 0).
 */
export interface CanonicalRow {
  transaction_id: string
  type: RowType
  /** the file's own word for the kind of line, for the count of categories */
  category: string
  refund_id: string | null
  payment_ids: string[]
  reference_ids: string[]
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  /** ISO 4217, upper case */
  currency: string
  /** what the customer saw, where the file has it: minor units of `presented_currency`, with the sign of `amount` */
  presented_amount: bigint | null
  /** ISO 4217, upper case; null exactly where `presented_amount` is */
  presented_currency: string | null
  /** UTC instant `2026-10-31T23:59:59Z` (fraction kept where there is one), null where the file has no time */
  occurred_at: string | null
  /** `2026-10-31`, in the business's time zone, or the file's own date where it has no time */
  occurred_on: string
  available_on: string | null
  payout_id: string | null
  /** 1-based number of the record's first physical line */
  line: number
}

/** A record that cannot be read. It is quarantined with its reason; the others go on. */
export interface Unreadable {
  line: number
  /** what was found, what was expected, in words a person understands */
  reason: string
  /** only the columns that the format reads, never customer details */
  raw: string
  transaction_id: string | null
  occurred_on: string | null
  /** its time is written as a spreadsheet writes it */
  isRewritten?: boolean
}

/** A total or count that the file states of itself, and what was read. Both as the file would print them. */
export interface StatedTotal {
  name: string
  stated: string
  read: string
  holds: boolean
}

/** The period that a file states of itself. */
export interface StatedPeriod {
  /** dates in the business's time zone */
  from: string
  to: string
  /** UTC instants, where the file states times: the first and the last date may then be covered in part only */
  from_at: string | null
  to_at: string | null
}

/** What a file says of itself beside its rows, known when it has been read to its end. */
export interface FileSummary {
  period: StatedPeriod | null
  totals: StatedTotal[]
}

/** One physical record of a file: its cells as text, and the 1-based number of its first physical line. */
export interface CsvRecord {
  cells: string[]
  line: number
  /** it has empty cells too many, and may have been shifted by a delimiter in a text */
  isShifted?: boolean
}

/** What a reader may need to know from the configuration. */
export interface ReadingContext {
  processor: string
  account: string
  /** the business's currency: some reports name none */
  currency: string
  /** IANA zone of the business: dates are taken in it */
  businessTimeZone: string
  /** IANA zone for files that state none */
  fileTimeZone: string
  /** columns whose values become references, e.g. payment_metadata[order_id] */
  referenceColumns: readonly string[]
  /** for formats whose day/month order cannot be told from the file; null: refuse an ambiguous file */
  dateOrder: 'dmy' | 'mdy' | 'ymd' | null
  /** where equal lines of two files are two lines (`lines: distinct`): the sha256 of this file; else null */
  distinctFile: string | null
  fileName: string
}

/** Receives what a reader makes of the file. */
export interface RowSink {
  row(row: CanonicalRow): void
  unreadable(record: Unreadable): void
}

/** Reads the records of one file, in order, after the header was recognised. */
export interface RecordReader {
  /** one record after the header (or of the whole file, for row-typed formats): emits rows now or holds them for a group */
  record(record: CsvRecord): void
  /** the end of the file: emits held groups, checks stated totals; throws FileFault where the file is cut off */
  end(): FileSummary
}

/** How sure we are of a format, and from what: shown by `tieout formats` and in docs/reference/formats.md. */
type Verified =
  | 'real file'
  | "the processor's own export code"
  | "the processor's own sample"
  | "the processor's documentation"
  | 'third-party importers'

export interface ColumnNote {
  name: string
  required: boolean
  meaning: string
}

/** Where a person gets the file, a line each. */
interface Getting {
  /** the clicks, or the report of the API */
  where: string
  /** the columns to tick, and what to switch on */
  columns: string
  /** a rhythm by which every line is in some file once it does not change any more */
  often: string
}

/** A report format: a folder each under src/processor/formats/. */
export interface Format {
  /** e.g. 'stripe-itemized': what the config's `format` and `tieout formats NAME` say */
  name: string
  /** the processor's usual name in Layer, e.g. 'STRIPE' */
  processor: string
  title: string
  verified: Verified
  getting: Getting
  /** which fees it has of a refund, and which it lacks */
  fees: string
  /** the shape of this processor's refund ids, for the veto; null where it has none of a fixed shape */
  refundIdPattern: string | null
  /**
   * the shapes of this processor's kinds of payment ids, one each, for the veto of disagreeing payments; ids of none of
   * these shapes are one more kind
   */
  paymentIdPatterns: readonly string[]
  /** whether the format can say what a refund cost; where no file of a processor can, refund fees are not compared */
  hasRefundFees: boolean
  /** likewise of the fee of the payment that was given back */
  hasReturnedFees: boolean
  /**
   * Formats of one family give the same line the same transaction id. An account takes files of one family: of two, both
   * would count the same refund.
   */
  idFamily: string
  /** its refunds state what was refunded of their payment so far: what is stored already is taken off (refund-totals.ts) */
  refundsAreTotals?: boolean
  /** candidates in order of preference; the header decides */
  delimiters: readonly string[]
  /** columns bound by normalised name (trimmed, spaces collapsed, case-folded) */
  columns: readonly ColumnNote[]
  /** a sentence on signs and one example line, for `tieout formats NAME` */
  signs: string
  example: string
  /**
   * Whether these first records (at most 20, of one candidate delimiter) are of this format.
   * Returns the index of the header record (records before it are preamble), or null.
   * A row-typed file without one header gives 0 and gets all its records, the first included, in `record`.
   */
  identify(head: readonly CsvRecord[]): { header: number; keepHeader?: boolean } | null
  /** throws FileFault when a needed column is missing or doubled, or the file's dates are ambiguous */
  open(header: CsvRecord, preamble: readonly CsvRecord[], context: ReadingContext, sink: RowSink): RecordReader
}
