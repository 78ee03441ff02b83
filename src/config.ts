/** tieout.yaml and the environment, read once into a frozen, typed configuration. The only reader of process.env. */

import type { RowType } from './processor/format.ts'

/** How a CSV of no known format is read (spec section 11, `format:` as a mapping). */
export interface MappingConfig {
  delimiter: string
  columns: {
    transaction_id: string | null
    type: string | null
    refund_id: string | null
    payment_id: string | null
    references: readonly string[]
    amount: string
    fee: string | null
    returned_fee: string | null
    currency: string | null
    occurred_at: string
  }
  /** the file's word -> type; any other word: other */
  types: Readonly<Record<string, RowType>>
  amount_unit: 'major' | 'minor'
  refund_sign: 'negative' | 'positive'
  vendor_refund_sign: 'negative' | 'positive'
  fee_sign: 'negative' | 'positive'
  /** date-fns tokens; without a time part the value is the date itself */
  date_format: string
  /** IANA */
  time_zone: string
  refund_id_pattern: string | null
}

/** One entry of `processors`: one account of one processor. */
export interface ProcessorConfig {
  /** trimmed, upper case */
  name: string
  /** '' where none is given */
  account: string
  /** trimmed, upper case */
  aliases: readonly string[]
  time_zone: string
  /** 'auto', a format's name, or a mapping */
  format: string | MappingConfig
  /** globs, absolute */
  inbox: readonly string[]
  settlement_lag_days: number
  coverage_hole_days: number
  date_window_days: number
  /** minor units */
  amount_tolerance: bigint
  /** minor units */
  fee_tolerance: bigint
  reference_columns: readonly string[]
  date_order: 'dmy' | 'mdy' | 'ymd' | null
}

export interface BusinessConfig {
  /** UUID, lower case */
  id: string
  name: string
  currency: string
  time_zone: string
  ledger_lag_days: number
  four_eyes: boolean
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
}

export type ReportFormat = 'text' | 'json' | 'csv' | 'xlsx' | 'html'

export interface Config {
  /** the file read, absolute */
  path: string
  /** sha256 of its text before the environment was filled in: names no secret */
  hash: string
  database: { url: string | null }
  /** absolute */
  data_dir: string
  layer: LayerConfig
  reports: { dir: string; formats: readonly ReportFormat[] }
  businesses: readonly BusinessConfig[]
}
