/** What may stand in tieout.yaml (spec section 11): its keys, their shapes, and what they are when left out. */

import { z } from 'zod'
import { compileDatePattern, isTimeZone } from './period.ts'

/** The formats in which a report can be written. */
export const REPORT_FORMATS = ['text', 'json', 'csv', 'xlsx', 'html'] as const

const ROW_TYPES = ['refund', 'refund_reversal', 'vendor_refund', 'payment', 'other'] as const

/** A mapping with these keys and no others. */
const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not known here; known are ${Object.keys(shape).join(', ')}`
        : `expected a section with ${Object.keys(shape).join(', ')}`,
  })

const said = (expected: string) => ({
  error: (issue: { input: unknown }) =>
    issue.input === undefined ? `is missing: expected ${expected}` : `expected ${expected}`,
})

const text = (expected: string) => z.string(said(expected)).trim().min(1, said(expected))
const upper = (expected: string) => text(expected).transform((value) => value.toUpperCase())
const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, said(`one of ${values.join(', ')}`))
const flag = z.boolean(said('true or false'))

/** A whole number; as text where it came from the environment. */
const whole = (expected: string, largest: number) =>
  z.union(
    [
      z.int(said(expected)).min(0, said(expected)).max(largest, said(expected)),
      z
        .string()
        .regex(/^\d{1,9}$/, said(expected))
        .transform(Number)
        .refine((value) => value <= largest, said(expected)),
    ],
    said(expected),
  )
const days = whole('a whole number of days, 0 to 366', 366)
const minorUnits = whole("a whole number of the currency's minor unit (cents), 0 or more", 1_000_000_000)

const timeZone = text('the name of a time zone, such as America/New_York').refine(
  isTimeZone,
  said('the name of a time zone, such as America/New_York'),
)
const currencies = new Set(Intl.supportedValuesOf('currency'))
const currency = upper('a currency code of ISO 4217, such as USD').refine(
  (code) => currencies.has(code),
  said('a currency code of ISO 4217, such as USD'),
)
const url = text('an address that begins with http:// or https://').refine((value) => {
  if (!URL.canParse(value)) return false
  const address = new URL(value)
  return /^https?:$/.test(address.protocol) && address.username === '' && address.password === ''
}, said('an address that begins with http:// or https://, without a name and password in it'))

const oneOrMore = (expected: string) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(text(expected), said(expected)))

const column = text('the name of a column')
  .nullish()
  .transform((name) => name ?? null)
const sign = choice(['negative', 'positive'])

/** `format:` as a mapping: which column of any other CSV is what. */
export const mappingShape = section({
  delimiter: z.string(said('one character')).length(1, said('one character')).default(','),
  columns: section({
    transaction_id: column,
    type: column,
    refund_id: column,
    payment_id: column,
    references: oneOrMore('a list of column names').default([]),
    amount: text('the name of the column that holds the amount'),
    fee: column,
    returned_fee: column,
    currency: column,
    occurred_at: text('the name of the column that holds the date'),
  }),
  types: z
    .record(z.string(), choice(ROW_TYPES), said(`words of the type column, each with one of ${ROW_TYPES.join(', ')}`))
    .default({}),
  amount_unit: choice(['major', 'minor']).default('major'),
  refund_sign: sign.default('negative'),
  vendor_refund_sign: sign.optional(),
  fee_sign: sign.default('positive'),
  date_format: text('a pattern of date-fns tokens, such as yyyy-MM-dd HH:mm:ss').superRefine((pattern, context) => {
    try {
      compileDatePattern(pattern, 'UTC')
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault)
      context.addIssue(`expected a pattern of date-fns tokens, such as yyyy-MM-dd HH:mm:ss (${why})`)
    }
  }),
  time_zone: timeZone.optional(),
  refund_id_pattern: text('a regular expression, such as ^RF[0-9]{6}$')
    .refine(isPattern, said('a regular expression, such as ^RF[0-9]{6}$'))
    .nullish()
    .transform((pattern) => pattern ?? null),
})

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}

/** One entry of `processors`. Its numbers are undefined where they are left out. */
const processorShape = section({
  name: upper("the processor's name, as Layer's payments say it"),
  account: z.string(said('a name; put one of digits in quotes')).trim().default(''),
  aliases: oneOrMore('a list of names')
    .default([])
    .transform((names) => names.map((name) => name.toUpperCase())),
  time_zone: timeZone.default('UTC'),
  format: z
    .union(
      [text('a format'), z.record(z.string(), z.unknown())],
      said("auto, a format's name, or a mapping of columns"),
    )
    .default('auto'),
  inbox: oneOrMore('a list of file patterns, such as inbox/stripe/*.csv').default([]),
  settlement_lag_days: days.optional(),
  coverage_hole_days: days.optional(),
  date_window_days: days.optional(),
  amount_tolerance: minorUnits.optional(),
  fee_tolerance: minorUnits.optional(),
  reference_columns: oneOrMore('a list of column names').default([]),
  date_order: choice(['dmy', 'mdy', 'ymd'])
    .nullish()
    .transform((order) => order ?? null),
})

const businessShape = section({
  id: text("the business's id in Layer, a UUID")
    .regex(
      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
      said("the business's id in Layer, a UUID such as 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01"),
    )
    .transform((id) => id.toLowerCase()),
  name: text('a name').optional(),
  currency,
  time_zone: timeZone,
  ledger_lag_days: days.default(2),
  four_eyes: flag.default(false),
  processors: z.array(processorShape, said('a list of processors')).default([]),
})

const secret = z.string(said('text, best taken from the environment')).trim().default('')

const layerShape = section({
  base_url: url,
  token: secret,
  client_id: secret,
  client_secret: secret,
  token_url: url.optional(),
  scope: text('a scope').optional(),
})

const when = choice(['change', 'error', 'always']).default('change')
const list = (expected: string) =>
  z.array(text(expected), said(`a list: ${expected}`)).min(1, said(`a list: ${expected}`))
const mailServer = text('an address of a mail server such as smtps://user:password@mail.example.com').regex(
  /^smtps?:\/\/.+/,
  said('an address of a mail server such as smtps://user:password@mail.example.com'),
)

const notifyShape = section({
  missed_after_hours: whole('a whole number of hours, 1 to 1000', 1000).default(26),
  email: section({ when, smtp: mailServer, from: text('a mail address'), to: list('mail addresses') }).optional(),
  webhook: section({ when, url }).optional(),
  command: section({ when, run: list('a program and its arguments') }).optional(),
  ping: url.optional(),
})

/** The whole file. */
export const configShape = section({
  database: section({
    url: z
      .string(said('a Postgres address such as postgres://user@host/database'))
      .trim()
      .refine((value) => value === '' || /^postgres(?:ql)?:\/\//.test(value), {
        error: 'expected a Postgres address such as postgres://user@host/database, or nothing for an embedded Postgres',
      })
      .nullish(),
  }).nullish(),
  data_dir: text('a folder').default('.tieout'),
  layer: layerShape.optional(),
  reports: section({
    dir: text('a folder').default('reports'),
    formats: z
      .array(choice(REPORT_FORMATS), said(`a list of ${REPORT_FORMATS.join(', ')}`))
      .min(1, said(`a list of ${REPORT_FORMATS.join(', ')}`))
      .default(['text', 'json']),
  }).default({ dir: 'reports', formats: ['text', 'json'] }),
  notify: notifyShape.optional(),
  businesses: z.array(businessShape, said('a list of businesses')).min(1, said('at least one business')),
})

export type ConfigShape = z.output<typeof configShape>
export type ProcessorShape = z.output<typeof processorShape>
export type MappingShape = z.output<typeof mappingShape>
