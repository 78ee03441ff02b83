/** The log: JSON lines on stderr, or lines for people where stderr is a terminal. The only import of pino. */

import { type Logger, pino } from 'pino'
import { visible } from './visible.ts'

export type Log = Logger

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** lines for people instead of JSON */
  pretty: boolean
  /** texts that must never be written, such as the token: replaced by [secret] wherever they stand. May grow later */
  secrets?: readonly string[]
}

/** Where log lines go; stderr but in tests. */
export interface LineTarget {
  write(line: string): unknown
}

const SECRET_FIELDS = ['token', 'client_secret', 'password', 'authorization']

/**
 * Makes a log that writes to stderr at once, so that a killed job has said all it had to say.
 * Amounts are logged as strings: a bigint is no JSON number.
 */
export const createLog = (options: LogOptions, target?: LineTarget): Log => {
  const out = target ?? pino.destination({ fd: 2, sync: true })
  const { pretty, secrets = [] } = options
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
      redact: {
        paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[secret]',
      },
    },
    {
      write: (line: string) => {
        const clean = lineWithoutSecrets(line, secrets)
        out.write(visible(pretty ? forPeople(clean) : clean))
      },
    },
  )
}

/** A secret of fewer characters is hidden only as a word of its own: hiding every letter "a" would leave no text to read. */
const HIDDEN_WITHIN_WORDS = 4

/** Replaces every secret in a text: as it is, as JSON writes it, as a URL does. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string => {
  let clean = text
  // the longest first: one secret may be a part of another
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret === '') continue
    for (const spelling of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])) {
      clean =
        secret.length < HIDDEN_WITHIN_WORDS
          ? clean.replace(asWord(spelling), '[secret]')
          : clean.replaceAll(spelling, '[secret]')
    }
  }
  return clean
}

const asWord = (text: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}_])${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\p{L}\\p{N}_])`, 'gu')

/** Hides secrets in the values of a line of JSON. Names, level and time are ours: a secret like "msg" or "1" breaks no line. */
const lineWithoutSecrets = (line: string, secrets: readonly string[]): string => {
  if (withoutSecrets(line, secrets) === line) return line
  const { level, time, ...entry }: Record<string, unknown> = JSON.parse(line)
  return `${JSON.stringify({ level, time, ...entry }, (name, value: unknown) => {
    if (typeof value === 'string' && name !== 'level' && name !== 'time') return withoutSecrets(value, secrets)
    if (typeof value !== 'number') return value
    const shown = withoutSecrets(String(value), secrets)
    return shown === String(value) ? value : shown
  })}\n`
}

/** One JSON line as '12:00:01 warn message  field=value'. */
const forPeople = (line: string): string => {
  const entry: Record<string, unknown> = JSON.parse(line)
  const { level, time, msg, err, ...fields } = entry
  const said = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`)
  const cause = isRecord(err) && typeof err['message'] === 'string' && err['message'] !== msg ? [err['message']] : []
  const text = [msg, ...cause].filter((part) => part !== undefined && part !== '').join(': ')
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${text}${said.length > 0 ? `  ${said.join(' ')}` : ''}\n`
}

const plain = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return typeof value === 'string' && /\s/.test(text) ? JSON.stringify(text) : text
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
