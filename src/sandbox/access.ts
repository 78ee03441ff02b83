/** Who may ask, and how often: bearer tokens, the token endpoint's tokens, and the rate limit. */

import { timingSafeEqual } from 'node:crypto'
import { ApiRefusal } from './api-error.ts'

export interface AccessOptions {
  /** a bearer token that is always good */
  token: string
  /** what the token endpoint takes; null: it refuses everybody */
  client: { client_id: string; client_secret: string } | null
  /** how long its tokens live */
  token_seconds: number
  /** a bucket of this many requests, filled up every second */
  requests_per_second: number
  /** milliseconds since 1970 */
  now(): number
  new_token(): string
}

export interface Access {
  /** Throws ApiRefusal 401. */
  check(authorization: string | undefined): void
  /** Takes one request from the bucket; the headers that say what is left. Throws ApiRefusal 429. */
  spend(): Record<string, string>
  /** The token endpoint's answer to an Authorization header and a form. */
  issue(authorization: string | undefined, form: URLSearchParams): { status: number; body: object }
}

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export function createAccess(options: AccessOptions): Access {
  const issued = new Map<string, number>()
  let second = 0
  let left = options.requests_per_second

  const isGood = (token: string): boolean => same(token, options.token) || (issued.get(token) ?? 0) > options.now()

  return {
    check(authorization) {
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
      if (token !== undefined && isGood(token)) return
      throw new ApiRefusal(401, 'AuthFailure', null, 'The access token is missing, expired or not valid.')
    },

    spend() {
      const now = Math.floor(options.now() / 1000)
      if (now !== second) {
        second = now
        left = options.requests_per_second
      }
      const headers = {
        'x-ratelimit-limit': String(options.requests_per_second),
        'x-ratelimit-remaining': String(Math.max(0, left - 1)),
        'x-ratelimit-reset': String(now + 1),
      }
      if (left === 0) {
        throw new ApiRefusal(429, 'BadRequest', 'ManualRateLimit', 'Too many requests.', {
          ...headers,
          'retry-after': '1',
        })
      }
      left--
      return headers
    },

    issue(authorization, form) {
      const { client } = options
      const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1] ?? ''
      const given = Buffer.from(basic, 'base64').toString('utf8')
      if (client === null || !same(given, `${client.client_id}:${client.client_secret}`)) {
        return { status: 401, body: { error: 'invalid_client' } }
      }
      if (form.get('grant_type') !== 'client_credentials') {
        return { status: 400, body: { error: 'unsupported_grant_type' } }
      }
      const token = options.new_token()
      issued.set(token, options.now() + options.token_seconds * 1000)
      return { status: 200, body: { access_token: token, expires_in: options.token_seconds, token_type: 'Bearer' } }
    },
  }
}
