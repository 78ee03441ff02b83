/** The log: JSON lines on stderr, or lines for people where stderr is a terminal. The only import of pino. */

import { type Logger, pino } from 'pino'

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
    { write: (line: string) => void out.write(withoutSecrets(pretty ? forPeople(line) : line, secrets)) },
  )
}

/** Replaces every secret in a text: as it is, as JSON writes it, as a URL does. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string => {
  let clean = text
  for (const secret of secrets) {
    if (secret === '') continue
    for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      clean = clean.replaceAll(spelling, '[secret]')
    }
  }
  return clean
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
