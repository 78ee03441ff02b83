/** Amounts as bigint minor units of a currency, read from and written as decimal text. No float touches them. */

/** ISO 4217 currencies whose minor unit is not a hundredth. */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

/** How many decimal digits a currency's minor unit has (ISO 4217): JPY 0, KWD 3, else 2. */
export const minorDigits = (currency: string): number => MINOR_DIGITS[currency] ?? 2

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Whether the text is a currency code of ISO 4217, upper case. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code)

/** The largest amount the database holds (int8). */
const LARGEST = 9_223_372_036_854_775_807n
/** An amount longer than this is no amount, whatever it says. */
const LONGEST_TEXT = 48

const PLAIN = /^([-+\u2212]?)(\d*)(?:[.](\d+))?$/
const WITH_COMMA = /^([-+\u2212]?)(\d*)(?:,(\d+))?$/
/** Thousands in groups of three, all with the same separator. */
const GROUPED = /^([-+\u2212]?)(\d{1,3}(?:([,' \u00a0\u202f\u2019])\d{3})(?:\3\d{3})*)(?:\.(\d+))?$/
const GROUPED_WITH_COMMA = /^([-+\u2212]?)(\d{1,3}(?:([.' \u00a0\u202f\u2019])\d{3})(?:\3\d{3})*)(?:,(\d+))?$/

/** A decimal number, exact: unscaled / 10^scale. */
export interface Scaled {
  unscaled: bigint
  scale: number
}

/**
 * Reads a decimal number of any scale, exactly: '-1,234.567' is { unscaled: -1234567n, scale: 3 }.
 * The sign stands in front ('-', '+' or U+2212); thousands are grouped by three or not at all; no exponent.
 * null where the text is no such number, or one that no bank account holds.
 */
export const parseScaled = (text: string, decimal: '.' | ',' = '.'): Scaled | null => {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > LONGEST_TEXT) return null
  const plain = (decimal === '.' ? PLAIN : WITH_COMMA).exec(trimmed)
  if (plain) return scaled(plain[1] ?? '', plain[2] ?? '', plain[3] ?? '')
  const grouped = (decimal === '.' ? GROUPED : GROUPED_WITH_COMMA).exec(trimmed)
  if (grouped) return scaled(grouped[1] ?? '', (grouped[2] ?? '').replace(/\D/g, ''), grouped[4] ?? '')
  return null
}

const scaled = (sign: string, whole: string, fraction: string): Scaled | null => {
  if (whole === '' && fraction === '') return null
  const size = BigInt(whole + fraction)
  return { unscaled: sign === '' || sign === '+' ? size : -size, scale: fraction.length }
}

/** Adds two exact decimals. */
export const addScaled = (one: Scaled, other: Scaled): Scaled => {
  const scale = Math.max(one.scale, other.scale)
  const raise = (value: Scaled): bigint => value.unscaled * 10n ** BigInt(scale - value.scale)
  return { unscaled: raise(one) + raise(other), scale }
}

/** Rounds an exact decimal to minor units of so many digits, half away from zero. */
export const roundScaled = (sum: Scaled, digits: number): bigint => {
  if (sum.scale <= digits) return sum.unscaled * 10n ** BigInt(digits - sum.scale)
  const unit = 10n ** BigInt(sum.scale - digits)
  const size = sum.unscaled < 0n ? -sum.unscaled : sum.unscaled
  const rounded = (size * 2n + unit) / (unit * 2n)
  return sum.unscaled < 0n ? -rounded : rounded
}

/**
 * Reads a decimal as minor units of so many digits: ('-1,234.50', 2, '.') is -123450n.
 * More fraction digits than that must be zeros. null where the text is no such amount ('' included).
 */
export const parseDecimal = (text: string, digits: number, decimal: '.' | ','): bigint | null => {
  const exact = parseScaled(text, decimal)
  if (exact === null) return null
  const surplus = exact.scale - digits
  const unit = surplus > 0 ? 10n ** BigInt(surplus) : 1n
  if (surplus > 0 && exact.unscaled % unit !== 0n) return null
  const minor = surplus > 0 ? exact.unscaled / unit : exact.unscaled * 10n ** BigInt(-surplus)
  return minor > LARGEST || minor < -LARGEST ? null : minor
}

/** Reads an amount in a currency's major unit as minor units: ('12.3', 'USD') is 1230n. null where it is none. */
export const parseMajor = (text: string, currency: string, decimal: '.' | ',' = '.'): bigint | null =>
  parseDecimal(text, minorDigits(currency), decimal)

/** Rounds an exact decimal in a currency's major unit to minor units, half away from zero; null where no account holds it. */
export const roundMajor = (sum: Scaled, currency: string): bigint | null => {
  const minor = roundScaled(sum, minorDigits(currency))
  return minor > LARGEST || minor < -LARGEST ? null : minor
}

/** Writes minor units in the major unit, grouped, without the currency: (-5n, 'USD') is '-0.05'. */
export const formatMajor = (minor: bigint, currency: string): string => {
  const digits = minorDigits(currency)
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = digits === 0 ? '' : `.${text.slice(text.length - digits)}`
  return `${minor < 0n ? '-' : ''}${whole}${fraction}`
}

/** Writes minor units with their currency: (123450n, 'USD') is '1,234.50 USD'. */
export const formatMoney = (minor: bigint, currency: string): string => `${formatMajor(minor, currency)} ${currency}`
