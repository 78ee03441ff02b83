/** tieout.yaml and the environment, read once into a frozen, typed configuration. The only reader of process.env. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { type ConfigFault, type ConfigText, parseConfigText } from './config-file.ts'
import { isRecord, namingFaults, processorsIn, type SHARED } from './config-names.ts'
import { type NotifyConfig, notifyOf } from './config-notify.ts'
import { secretsOf } from './config-secrets.ts'
import { type ConfigShape, configShape, type MappingShape, mappingShape, type ProcessorShape } from './config-shape.ts'
import { UsageFault } from './errors.ts'
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
  notify: NotifyConfig
  businesses: readonly BusinessConfig[]
  /** what no output may show: the token, the client secret, the database's password */
  secrets: readonly string[]
}

/** What the rest of the program knows and a configuration may name. */
export interface KnownNames {
  /** the names of the report formats under src/processor */
  formats: readonly string[]
}

/** A shape that is used once is not worth compiling. */
const ONCE = { jitless: true } as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads tieout.yaml with the environment.
 * @throws UsageFault that lists every fault with its place and what was expected
 */
export const loadConfig = (path: string, known: KnownNames, environment: Environment = process.env): Config => {
  const absolute = resolve(path)
  const text = readText(absolute, path)
  const file = parseConfigText(text, basename(absolute), environment)
  const parsed = configShape.safeParse(file.value, ONCE)
  const mappings = mappingsOf(file.value)
  const shown = [
    ...file.faults,
    ...(file.value === null && file.faults.length > 0
      ? []
      : [
          ...(parsed.error ? faultsOf(parsed.error, []) : []),
          ...mappings.flatMap(({ path: at, result }) => (result.error ? faultsOf(result.error, at) : [])),
          ...namingFaults(file.value, known.formats),
        ].map((fault) => sentence(fault, file))),
  ]
  if (shown.length > 0 || !parsed.data) throw new UsageFault(listOf(shown, absolute))
  const config = assemble(parsed.data, absolute, createHash('sha256').update(text).digest('hex'), mappings)
  return deepFreeze(config)
}

const readText = (absolute: string, path: string): string => {
  try {
    return readFileSync(absolute, 'utf8')
  } catch (cause) {
    throw new UsageFault(
      `${path}: no configuration can be read here. Make one with \`tieout init\`, or name another with --config.`,
      { cause },
    )
  }
}

/** Every fault on a line of its own, in the order of the file. */
const listOf = (faults: readonly string[], path: string): string => {
  const place = (fault: string): number[] => (/:(\d+):(\d+):/.exec(fault) ?? []).slice(1).map(Number)
  const sorted = [...new Set(faults)].sort((a, b) => {
    const [lineA = 0, columnA = 0] = place(a)
    const [lineB = 0, columnB = 0] = place(b)
    return lineA - lineB || columnA - columnB
  })
  const count = sorted.length === 1 ? 'a fault' : `${sorted.length} faults`
  return `${path} cannot be used, it has ${count}:\n${sorted.map((fault) => `  ${fault}`).join('\n')}`
}

/** 'tieout.yaml:12:7: businesses[0].currency: expected a currency code, found "Dollar"'. */
const sentence = (fault: ConfigFault, file: ConfigText): string => {
  const name = fault.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  const found = fault.at_key || hidden(fault.path) ? undefined : file.written(fault.path)
  const shown = found === undefined || found === null ? '' : `, found ${JSON.stringify(found).slice(0, 80)}`
  const where = name === '' ? '' : `${name.replace(/^\./, '')}: `
  return `${file.place(fault)}: ${where}${fault.message}${fault.message.startsWith('expected') ? shown : ''}`
}

/** Values that a message must not repeat. */
const hidden = (path: readonly PropertyKey[]): boolean => ['database', 'layer', 'notify'].includes(String(path[0]))

const faultsOf = (error: z.ZodError, prefix: readonly PropertyKey[]): ConfigFault[] =>
  error.issues.flatMap((issue): ConfigFault[] => {
    const path = [...prefix, ...issue.path]
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({ path: [...path, key], message: issue.message, at_key: true }))
  })

interface Mapping {
  path: readonly PropertyKey[]
  result: z.ZodSafeParseResult<MappingShape>
}

/** Every `format:` that is a mapping, parsed. */
const mappingsOf = (value: unknown): Mapping[] =>
  processorsIn(value).flatMap(({ entry, path }) =>
    isRecord(entry['format'])
      ? [{ path: [...path, 'format'], result: mappingShape.safeParse(entry['format'], ONCE) }]
      : [],
  )

const assemble = (shape: ConfigShape, path: string, hash: string, mappings: readonly Mapping[]): Config => {
  const folder = dirname(path)
  const mapped = new Map(mappings.map((mapping) => [mapping.path.join('.'), mapping.result.data]))
  const layer = layerOf(shape.layer)
  const url = shape.database?.url ?? ''
  return {
    path,
    hash,
    database: { url: url === '' ? null : url },
    data_dir: resolve(folder, shape.data_dir),
    layer,
    reports: { dir: resolve(folder, shape.reports.dir), formats: [...new Set(shape.reports.formats)] },
    businesses: shape.businesses.map((business, b) => ({
      ...business,
      name: business.name ?? business.id,
      processors: business.processors.map((entry, p) => {
        const mapping = mapped.get(`businesses.${b}.processors.${p}.format`)
        return processorOf(entry, business.processors, folder, mapping)
      }),
    })),
    notify: notifyOf(shape.notify, folder),
    secrets: secretsOf(layer, [url, shape.notify?.email?.smtp, shape.notify?.webhook?.url, shape.notify?.ping]),
  }
}

const processorOf = (
  entry: ProcessorShape,
  all: readonly ProcessorShape[],
  folder: string,
  mapping: MappingShape | undefined,
): ProcessorConfig => {
  // a number left out is what another account of the same processor says
  const shared = (key: (typeof SHARED)[number], otherwise: number): number =>
    entry[key] ?? all.find((other) => other.name === entry.name && other[key] !== undefined)?.[key] ?? otherwise
  return {
    name: entry.name,
    account: entry.account,
    aliases: entry.aliases,
    time_zone: entry.time_zone,
    format: mapping ? mappingOf(mapping, entry.time_zone) : String(entry.format),
    inbox: entry.inbox.map((pattern) => resolve(folder, pattern)),
    settlement_lag_days: shared('settlement_lag_days', 5),
    coverage_hole_days: shared('coverage_hole_days', 3),
    date_window_days: shared('date_window_days', 3),
    amount_tolerance: BigInt(shared('amount_tolerance', 0)),
    fee_tolerance: BigInt(shared('fee_tolerance', 0)),
    reference_columns: entry.reference_columns,
    date_order: entry.date_order,
  }
}

const mappingOf = (mapping: MappingShape, timeZone: string): MappingConfig => ({
  ...mapping,
  vendor_refund_sign: mapping.vendor_refund_sign ?? mapping.refund_sign,
  time_zone: mapping.time_zone ?? timeZone,
})

const layerOf = (layer: ConfigShape['layer']): LayerConfig => {
  const base_url = (layer?.base_url ?? 'https://sandbox.layerfi.com').replace(/\/+$/, '')
  if (!layer || (layer.token === '' && layer.client_id === '')) return { base_url, auth: null }
  if (layer.token !== '') return { base_url, auth: { kind: 'token', token: layer.token } }
  const stage = new URL(base_url).hostname.startsWith('api') ? 'production' : 'sandbox'
  return {
    base_url,
    auth: {
      kind: 'client',
      client_id: layer.client_id,
      client_secret: layer.client_secret,
      token_url: layer.token_url ?? 'https://auth.layerfi.com/oauth2/token',
      scope: layer.scope ?? `${base_url}/${stage}`,
    },
  }
}

const deepFreeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}
