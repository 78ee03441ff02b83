/** What a configuration is once it is read (spec section 11): typed, complete and frozen. */

import type { RowType } from '../processor/formats/format.ts'
import type { Unset } from './file.ts'
import type { NotifyConfig } from './notify.ts'

type Sign = 'negative' | 'positive'

/** How a CSV of no known format is read: `format:` as a mapping. */
export interface MappingConfig {
  delimiter: string
  columns: {
    transaction_id: string | null
    type: string | null
    refund_id: string | null
    payment_id: string | null
    references: readonly string[]
    /** null where the file has debit and credit columns */
    amount: string | null
    /** money that leaves the balance at the processor; null exactly where `amount` is given */
    debit: string | null
    /** money that comes in; null exactly where `amount` is given */
    credit: string | null
    fee: string | null
    returned_fee: string | null
    currency: string | null
    occurred_at: string
    /** the time of day, where it has a column of its own beside the date */
    time: string | null
    /** the zone of the line's date and time; an empty cell means `time_zone` */
    zone: string | null
  }
  /** the file's word -> type; any other word: other. Never empty where there is a type column */
  types: Readonly<Record<string, RowType>>
  /** lines with any other status are `other`; null: every line counts */
  status: { column: string; settled: readonly string[] } | null
  amount_unit: 'major' | 'minor'
  refund_sign: Sign
  vendor_refund_sign: Sign
  fee_sign: Sign
  /** date-fns tokens; without a time part, and without a time column, the value is the date itself */
  date_format: string
  /** IANA */
  time_zone: string
  refund_id_pattern: string | null
  payment_id_pattern: string | null
}

/** How the fees of a processor are tied: match by match, as totals of a month, or not at all. */
type FeeTie = 'per_refund' | 'month' | 'none'

/** A fee policy and the first of the month from which it is in force. */
export interface FeePolicy {
  /** the first of a month, '2026-01-01' */
  from: string
  tie: FeeTie
  /** whose `other` lines are fee lines; empty unless tie is 'month' */
  categories: readonly string[]
}

/** One entry of `processors`: one account of one processor. */
export interface ProcessorConfig {
  /** trimmed, upper case */
  name: string
  /** '' where none is given */
  account: string
  /** the first date on which files of this account are asked for; null: from the beginning */
  first_day: string | null
  /** the last such date; null where the account is open */
  last_day: string | null
  /** trimmed, upper case */
  aliases: readonly string[]
  time_zone: string
  /** 'auto', a format's name, or a mapping */
  format: string | MappingConfig
  /** globs, absolute */
  inbox: readonly string[]
  settlement_lag_days: number
  coverage_hole_days: number
  /** what a file stands for: its dates, or all of their months or years */
  files_cover: 'dates' | 'month' | 'year'
  /** whether equal lines of two files are one line (overlap) or two (distinct); for formats without ids */
  lines: 'overlap' | 'distinct'
  date_window_days: number
  /** how many days after the books the processor dates a refund; negative: before */
  usual_lag_days: number
  match_payouts: boolean
  /** minor units */
  amount_tolerance: bigint
  /** minor units */
  fee_tolerance: bigint
  /** by `from` ascending; before the first of them, and where there is none, the default of section 6 */
  fees: readonly FeePolicy[]
  reference_columns: readonly string[]
  date_order: 'dmy' | 'mdy' | 'ymd' | null
}

export interface BusinessConfig {
  /** UUID, lower case */
  id: string
  name: string
  currency: string
  time_zone: string
  /** the first of a month; nothing is concluded about earlier dates. null: no such date */
  starts_on: string | null
  /** date: an instant of the ledger at exactly midnight UTC means that date */
  ledger_dates: 'instant' | 'date'
  ledger_lag_days: number
  /** what does not go through a processor; trimmed, upper case */
  outside: { methods: readonly string[]; processors: readonly string[] }
  /** the file of exchange rates, absolute; see src/core/rates.ts */
  rates: string | null
  /** hundredths of a percent: 300 is 3 percent */
  rate_tolerance_bp: number
  /** minor units; null: nothing is marked as above */
  materiality: { item: bigint | null; month: bigint | null }
  /** minor units, per finding; null: no limit */
  waive_limit: bigint | null
  /** minor units, in total per month; null: no limit */
  waive_limit_month: bigint | null
  four_eyes: boolean
  /** days for which refunds as received keep the details of people; null: as long as the refunds are kept */
  retention: number | null
  processors: readonly ProcessorConfig[]
}

export type LayerAuth =
  | { kind: 'token'; token: string }
  | { kind: 'client'; client_id: string; client_secret: string; token_url: string; scope: string }

export interface LayerConfig {
  /** without a trailing slash */
  base_url: string
  /** null: none configured; a command that pulls says so */
  auth: LayerAuth | null
  /** where auth is null because the environment lacks a variable: which, and where it is named */
  unset?: string
}

export type ReportFormat = 'text' | 'json' | 'csv' | 'xlsx' | 'html'

/** What a person may do in the desk. */
export type Role = 'reader' | 'preparer' | 'reviewer'

interface PersonConfig {
  /** trimmed; two names that differ in case only are the same person */
  name: string
  role: Role
}

/** Where the desk listens, and whom it believes. */
export interface DeskConfig {
  port: number
  /** the address or host name that the desk binds, or the absolute path of a Unix socket */
  listen: string
  /** the header in which a reverse proxy names the person who signed in, lower case; null: none is trusted */
  trusted_user_header: string | null
  /** what the proxy sends along so that its header is believed; null where no header is trusted */
  proxy_secret: string | null
  /** where the environment lacks the secret: the variable, and where it is named */
  unset?: string
}

export interface Config {
  /** the file read, absolute */
  path: string
  /** sha256 of its text, and of the files of businesses_dir, before the environment was filled in: names no secret */
  hash: string
  database: { url: string | null }
  /** absolute */
  data_dir: string
  layer: LayerConfig
  /** url: where `dir` is served, for links in messages; without a trailing slash. per_business: a folder for each in that of the night */
  reports: { dir: string; formats: readonly ReportFormat[]; url: string | null; per_business: boolean }
  notify: NotifyConfig
  /** variables that the environment lacks, of keys that not every command needs */
  unset: readonly Unset[]
  people: readonly PersonConfig[]
  desk: DeskConfig
  /** those of the file, then those of businesses_dir by file name */
  businesses: readonly BusinessConfig[]
  /** what no output may show: the token, the client secret, the proxy's secret, the database's password */
  secrets: readonly string[]
}
