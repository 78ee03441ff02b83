/** The values that tieout.yaml is made of, each with what a fault says was expected. */

import { z } from 'zod'
import { isDate } from '../core/instant.ts'
import { isCurrency } from '../core/money.ts'
import { compileDatePattern, isTimeZone, withoutZone } from '../core/period.ts'
import { closest, didYouMean } from '../core/similar.ts'

/** A mapping with these keys and no others. Of keys that are not known, the message lists those that are: see unknownKey. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? Object.keys(shape).join(', ')
        : `expected a section with ${Object.keys(shape).join(', ')}`,
  })

/** What a fault says of a key that a section does not have. */
export const unknownKey = (key: string, known: string): string => {
  const meant = didYouMean(closest(key, known.split(', ')))
  return meant === null ? `is not known here; known are ${known}` : `is not known here: ${meant} Known are ${known}`
}

/** What a fault says: a missing value, or one of the wrong kind. */
export const said = (expected: string) => ({
  error: (issue: { input: unknown }) =>
    issue.input === undefined ? `is missing: expected ${expected}` : `expected ${expected}`,
})

export const text = (expected: string) => z.string(said(expected)).trim().min(1, said(expected))
export const upper = (expected: string) => text(expected).transform((value) => value.toUpperCase())
export const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, said(`one of ${values.join(', ')}`))
export const flag = z.boolean(said('true or false'))
export const secret = z.string(said('text, best taken from the environment')).trim().default('')

/** A value that may be left out: then, and where the key is empty, it is null. */
export const orNull = <Output>(shape: z.ZodType<Output>) => shape.nullish().transform((value) => value ?? null)

/** One text or several; a text alone is a list of one. */
export const oneOrMore = (expected: string) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(text(expected), said(expected)))

/** A list with at least one text. */
export const list = (expected: string) =>
  z.array(text(expected), said(`a list: ${expected}`)).min(1, said(`a list: ${expected}`))

/** A list of names, upper case, each once. */
export const upperNames = oneOrMore('a list of names').transform((names) => [
  ...new Set(names.map((name) => name.toUpperCase())),
])

/** A whole number; as text where it came from the environment. */
export const whole = (expected: string, smallest: number, largest: number) => {
  const isWithin = (value: number): boolean => value >= smallest && value <= largest
  return z.union(
    [
      z.int(said(expected)).refine(isWithin, said(expected)),
      z
        .string()
        .regex(/^-?\d{1,16}$/, said(expected))
        .transform(Number)
        .refine(isWithin, said(expected)),
    ],
    said(expected),
  )
}
export const days = whole('a whole number of days, 0 to 366', 0, 366)
const MINOR_UNITS = "a whole number of the currency's minor unit (cents), 0 or more"
export const tolerance = whole(MINOR_UNITS, 0, 1_000_000_000)
/** An amount up to the largest that a leg or a row may have; null where it is left out. */
export const limit = orNull(whole(MINOR_UNITS, 0, 10 ** 15).transform(BigInt))

const PERCENT = 'a percentage from 0 to 100 with at most two decimals, such as 2.5'

/** A percentage as hundredths of a percent: 2.5 is 250. The text of the number is read: no float is computed with. */
export const percent = z
  .union([z.number(), z.string()], said(PERCENT))
  .transform((value) => /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(String(value).trim()))
  .refine((found) => found !== null && hundredths(found) <= 10_000, said(PERCENT))
  .transform((found) => (found === null ? 0 : hundredths(found)))

const hundredths = (found: RegExpExecArray): number => Number(`${found[1]}${(found[2] ?? '').padEnd(2, '0')}`)

/** A calendar date as text; YAML 1.1 gives a Date where the text looks like one. */
const dateText = (expected: string) =>
  z.preprocess(
    (value) =>
      value instanceof Date && !Number.isNaN(value.getTime())
        ? value.toISOString().replace(/T00:00:00\.000Z$/, '')
        : value,
    text(expected).refine(isDate, said(expected)),
  )
export const date = dateText('a date such as 2026-01-31')
export const firstOfMonth = dateText('the first of a month, such as 2026-01-01').refine(
  (value) => value.endsWith('-01'),
  said('the first of a month, such as 2026-01-01'),
)

export const timeZone = text('the name of a time zone, such as America/New_York').refine(
  isTimeZone,
  said('the name of a time zone, such as America/New_York'),
)

export const currency = upper('a currency code of ISO 4217, such as USD').refine(
  isCurrency,
  said('a currency code of ISO 4217, such as USD'),
)

export const url = text('an address that begins with http:// or https://').refine((value) => {
  if (!URL.canParse(value)) return false
  const address = new URL(value)
  return /^https?:$/.test(address.protocol) && address.username === '' && address.password === ''
}, said('an address that begins with http:// or https://, without a name and password in it'))

export const datePattern = text('a pattern of date-fns tokens, such as yyyy-MM-dd HH:mm:ss').superRefine(
  (pattern, context) => {
    try {
      compileDatePattern(withoutZone(pattern), 'UTC')
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault)
      context.addIssue(`expected a pattern of date-fns tokens, such as yyyy-MM-dd HH:mm:ss (${why})`)
    }
  },
)

/** A regular expression, as text; null where it is left out. */
export const pattern = (example: string) =>
  orNull(
    text(`a regular expression, such as ${example}`).refine(
      isPattern,
      said(`a regular expression, such as ${example}`),
    ),
  )

function isPattern(written: string): boolean {
  try {
    new RegExp(written)
    return true
  } catch {
    return false
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
