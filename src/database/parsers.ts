/** How Postgres values become JavaScript values: bigint for int8 and whole numerics, text for dates, instants and decimals. */

/** '2026-10-31 23:59:59.5+00' (session in UTC) -> '2026-10-31T23:59:59.5Z'; 'infinity' and dates BC stay as they are */
function instantFromPostgres(text: string): string {
  return text.endsWith('+00') && text.charAt(10) === ' ' ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z` : text
}

const asText = (text: string): string => text

/** One-dimensional arrays of values without quotes, braces or commas in them: numbers and dates. */
const arrayOf =
  <T>(parse: (text: string) => T) =>
  (text: string): (T | null)[] =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((item) => (item === 'NULL' ? null : parse(item.startsWith('"') ? item.slice(1, -1) : item)))

/** Sums of minor units are numeric, since they can exceed an int8: whole ones are bigint, decimals stay text. */
const wholeOrText = (text: string): bigint | string => (/^-?\d+$/.test(text) ? BigInt(text) : text)

type Parse = (text: string) => unknown

/** By type oid: int8, date, timestamp, timestamptz, numeric, time, interval, and the arrays of the first ones. */
const PARSERS: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [20, BigInt],
  [1082, asText],
  [1114, asText],
  [1184, instantFromPostgres],
  [1700, wholeOrText],
  [1083, asText],
  [1186, asText],
  [1016, arrayOf(BigInt)],
  [1182, arrayOf(asText)],
  [1185, arrayOf(instantFromPostgres)],
  [1231, arrayOf(asText)],
])

/** The parser of a type, or undefined where pg's own is right (int4, text, bool, text[]; json is parsed). */
export const parserOf = (oid: number): Parse | undefined => PARSERS.get(oid)
