/** What may stand in tieout.yaml (spec section 11): its keys, their shapes, and what they are when left out. */

import { z } from 'zod'
import { readAddress } from './address.ts'
import {
  choice,
  currency,
  date,
  datePattern,
  days,
  firstOfMonth,
  flag,
  limit,
  list,
  oneOrMore,
  orNull,
  pattern,
  percent,
  said,
  secret,
  section,
  text,
  timeZone,
  tolerance,
  upper,
  upperNames,
  url,
  whole,
} from './values.ts'

/** The formats in which a report can be written. */
export const REPORT_FORMATS = ['text', 'json', 'csv', 'xlsx', 'html'] as const

const ROW_TYPES = [
  'refund',
  'refund_reversal',
  'vendor_refund',
  'payment',
  'chargeback',
  'chargeback_reversal',
  'other',
] as const

const column = orNull(text('the name of a column'))
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
    amount: column,
    debit: column,
    credit: column,
    fee: column,
    returned_fee: column,
    currency: column,
    occurred_at: text('the name of the column that holds the date'),
    time: column,
    zone: column,
  }),
  types: z
    .record(z.string(), choice(ROW_TYPES), said(`words of the type column, each with one of ${ROW_TYPES.join(', ')}`))
    .default({}),
  status: orNull(
    section({
      column: text('the name of the column that holds the status'),
      settled: list('the words of the status column whose lines count; put one of digits in quotes'),
    }),
  ),
  amount_unit: choice(['major', 'minor']).default('major'),
  refund_sign: sign.default('negative'),
  vendor_refund_sign: sign.optional(),
  fee_sign: sign.default('positive'),
  date_format: datePattern,
  time_zone: timeZone.optional(),
  refund_id_pattern: pattern('^RF[0-9]{6}$'),
  payment_id_pattern: pattern('^PMT-[0-9]+$'),
})

const feePolicyShape = section({
  from: firstOfMonth,
  tie: choice(['per_refund', 'month', 'none']),
  categories: oneOrMore('a list of the categories whose lines are fees')
    .default([])
    .transform((categories) => [...new Set(categories)]),
})

/** One entry of `processors`. */
export const processorShape = section({
  name: upper("the processor's name, as Layer's payments say it"),
  account: z.string(said('a name; put one of digits in quotes')).trim().default(''),
  first_day: orNull(date),
  last_day: orNull(date),
  aliases: upperNames.default([]),
  time_zone: timeZone.default('UTC'),
  format: z
    .union(
      [text('a format'), z.record(z.string(), z.unknown())],
      said("auto, a format's name, or a mapping of columns"),
    )
    .default('auto'),
  inbox: oneOrMore('a list of file patterns, such as inbox/stripe/*.csv').default([]),
  settlement_lag_days: days.default(5),
  coverage_hole_days: days.default(3),
  files_cover: choice(['dates', 'month', 'year']).default('dates'),
  lines: choice(['overlap', 'distinct']).default('overlap'),
  date_window_days: days.default(3),
  usual_lag_days: whole('a whole number of days, -366 to 366', -366, 366).default(0),
  match_payouts: flag.default(false),
  amount_tolerance: tolerance.default(0),
  fee_tolerance: tolerance.default(0),
  fees: z
    .array(feePolicyShape, said('a list of fee policies such as {from: 2026-01-01, tie: per_refund}'))
    .default([])
    .transform((policies) => policies.toSorted((a, b) => (a.from < b.from ? -1 : 1))),
  reference_columns: oneOrMore('a list of column names').default([]),
  date_order: orNull(choice(['dmy', 'mdy', 'ymd'])),
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
  starts_on: orNull(firstOfMonth),
  ledger_dates: choice(['instant', 'date']).default('instant'),
  ledger_lag_days: days.default(2),
  outside: section({ methods: upperNames.optional(), processors: upperNames.optional() }).nullish(),
  rates: orNull(text('the path of a CSV file with the columns date,from,to,rate')),
  rate_tolerance: percent.default(300),
  materiality: section({ item: limit, month: limit }).nullish(),
  waive_limit: limit,
  waive_limit_month: limit,
  four_eyes: flag.default(false),
  retention: orNull(whole('a whole number of days, 0 to 36500', 0, 36_500)),
  processors: z.array(processorShape, said('a list of processors')).default([]),
})

const layerShape = section({
  base_url: url,
  token: secret,
  client_id: secret,
  client_secret: secret,
  token_url: url.optional(),
  scope: text('a scope').optional(),
})

const when = choice(['change', 'error', 'always']).default('change')
const mailServer = text('an address of a mail server such as smtps://user:password@mail.example.com').refine(
  (value) => /^smtps?:/.test(value) && (readAddress(value)?.host ?? '') !== '',
  said('an address of a mail server such as smtps://user:password@mail.example.com'),
)

const notifyShape = section({
  missed_after_hours: whole('a whole number of hours, 1 to 1000', 1, 1000).default(26),
  email: section({
    when,
    smtp: mailServer,
    from: text('a mail address'),
    to: list('mail addresses'),
    attach: orNull(choice(['html', 'xlsx'])),
  }).optional(),
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
      .refine((value) => value === '' || (/^postgres(?:ql)?:/.test(value) && readAddress(value) !== null), {
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
    url: orNull(url),
    per_business: flag.default(false),
  }).default({ dir: 'reports', formats: ['text', 'json'], url: null, per_business: false }),
  notify: notifyShape.optional(),
  people: z
    .array(
      section({ name: text("a person's name"), role: choice(['reader', 'preparer', 'reviewer']) }),
      said('a list of people such as {name: Ada, role: preparer}'),
    )
    .default([]),
  desk: section({
    port: whole('a port, 0 to 65535', 0, 65_535).default(4020),
    listen: text('an address to listen on, such as 127.0.0.1, or the path of a Unix socket')
      .regex(/^[\w./:-]+$/, said('an address to listen on, such as 127.0.0.1, or the path of a Unix socket'))
      .default('127.0.0.1'),
    trusted_user_header: orNull(
      text('the name of a header, such as X-Forwarded-User')
        .regex(/^[\w-]+$/, said('the name of a header, such as X-Forwarded-User'))
        .toLowerCase(),
    ),
    proxy_secret: secret,
  }).prefault({}),
  businesses_dir: text('a folder with one file *.yaml a business').optional(),
  businesses: z.array(businessShape, said('a list of businesses')).min(1, said('at least one business')),
})

export type ConfigShape = z.output<typeof configShape>
export type BusinessShape = z.output<typeof businessShape>
export type ProcessorShape = z.output<typeof processorShape>
export type MappingShape = z.output<typeof mappingShape>
