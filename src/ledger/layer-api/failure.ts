/** Why Layer did not give what was asked for, and its own error objects in the three forms they come in. */

import { LayerFault } from '../../core/errors.ts'
import { isObject } from './value.ts'

/** Layer's error object. Both words are open lists: `type` is the category, `error_enum` the stable name. */
export interface ApiError {
  type: string
  description: string
  error_enum: string | null
}

/**
 * no_answer: no connection, or silence longer than allowed. busy: 429 or 5xx. broken: an answer that broke off or
 * does not parse. These three may heal. unauthorized: 401. refused: any other 4xx, a redirect, or errors in a 2xx.
 */
export type FailureKind = 'no_answer' | 'busy' | 'broken' | 'unauthorized' | 'refused'

export interface FailureDetails {
  kind: FailureKind
  status?: number | null
  api_errors?: readonly ApiError[]
  /** how long the server asks to be left alone */
  wait_ms?: number | null
  cause?: unknown
}

/** Takes the secrets out of a text of Layer's, which may repeat what was sent. Always before the text is cut: half a secret is not found. */
export type Hide = (text: string) => string

/** A LayerFault that says what kind it is; the message names the request and never the token. */
export class LayerFailure extends LayerFault {
  readonly kind: FailureKind
  /** the HTTP status, null where there was no answer */
  readonly status: number | null
  readonly api_errors: readonly ApiError[]
  readonly wait_ms: number | null

  constructor(message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = details.kind
    this.status = details.status ?? null
    this.api_errors = details.api_errors ?? []
    this.wait_ms = details.wait_ms ?? null
  }
}

/** Whether asking again may help. */
export const mayHeal = (failure: LayerFailure): boolean =>
  failure.kind === 'no_answer' || failure.kind === 'busy' || failure.kind === 'broken'

const textIn = (from: Readonly<Record<string, unknown>>, field: string): string | null => {
  const value = from[field]
  return typeof value === 'string' ? value : null
}

const apiError = (value: unknown, hide: Hide): ApiError | null => {
  if (!isObject(value)) return null
  const type = textIn(value, 'type')
  const description = textIn(value, 'description')
  if (type === null && description === null) return null
  const error_enum = textIn(value, 'error_enum')
  return {
    type: hide(type ?? 'Unknown'),
    description: hide(description ?? ''),
    error_enum: error_enum === null ? null : hide(error_enum),
  }
}

/** The error objects of a parsed body: of {"errors": [...]}, or the body itself; none where it is something else. */
export const apiErrors = (body: unknown, hide: Hide): ApiError[] => {
  if (!isObject(body)) return []
  const candidates = Array.isArray(body['errors']) ? body['errors'] : [body]
  return candidates.map((value) => apiError(value, hide)).filter((error) => error !== null)
}

/** Layer's error objects in a body that may be no JSON at all. */
export const readApiErrors = (text: string, hide: Hide): ApiError[] => {
  try {
    return apiErrors(JSON.parse(text), hide)
  } catch {
    return []
  }
}

const shorten = (text: string, most: number): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}

/** What Layer said, secrets taken out, for a person: 'ResourceNotFound (SpecifiedIdNotFound): Business not found.' */
export const describeAnswer = (errors: readonly ApiError[], text: string): string => {
  if (errors.length === 0) return shorten(text.replace(/<[^>]*>/g, ' '), 120) || 'nothing more'
  return errors
    .map((error) => {
      const name = error.error_enum === null ? error.type : `${error.type} (${error.error_enum})`
      return shorten(error.description === '' ? name : `${name}: ${error.description}`, 300).replace(/\.$/, '')
    })
    .join('; ')
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'check layer.token (or client_id and client_secret) in tieout.yaml',
  403: 'these credentials may not read this business: check its id and the credentials',
  404: 'check the id of the business and layer.base_url in tieout.yaml',
}

/** The failure that an answer with an error status stands for. `what` names the request. */
export const refusal = (
  what: string,
  status: number,
  text: string,
  wait_ms: number | null,
  hide: Hide = (said) => said,
): LayerFailure => {
  const errors = readApiErrors(text, hide)
  const advice = ADVICE[status]
  const said = `${what}: Layer answered ${status}, ${describeAnswer(errors, hide(text))}`
  return new LayerFailure(advice === undefined ? said : `${said}; ${advice}`, {
    kind: status === 429 || status >= 500 ? 'busy' : status === 401 ? 'unauthorized' : 'refused',
    status,
    api_errors: errors,
    wait_ms,
  })
}
