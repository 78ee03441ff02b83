/** The bearer token of a request: as configured, or by OAuth2 client credentials, renewed in time. */

import type { LayerAuth } from '../../config/config.ts'
import { LayerFailure } from './failure.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { isObject } from './value.ts'

export interface TokenSource {
  /** The token to use now. */
  current(attempt: number): Promise<string>
  /** After a 401 to `refused`: another token, or null where there is none to be had. */
  renewed(refused: string, attempt: number): Promise<string | null>
  /** Everything that must stand in no message; the tokens received so far too. */
  secrets(): string[]
}

/** A token is renewed when this much of its life is over. */
const RENEW_AT = 0.8
/** Where the answer does not say how long the token lives: an hour, as Layer documents. */
const LIFE_SECONDS = 3600

/** Visible ASCII: what a header may hold. The text itself must stand in no message. */
const isHeaderText = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

const unusable = (what: string): LayerFailure =>
  new LayerFailure(`${what} is empty or holds characters that no header may hold; correct it in the environment`, {
    kind: 'unauthorized',
  })

/** `ask` sends a request to the token endpoint. */
export function createTokenSource(
  auth: LayerAuth,
  now: () => number,
  ask: (request: HttpRequest, attempt: number) => Promise<HttpAnswer>,
): TokenSource {
  if (auth.kind === 'token') {
    const { token } = auth
    return {
      async current() {
        if (!isHeaderText(token)) throw unusable('layer.token')
        return token
      },
      renewed: async () => null,
      secrets: () => [token],
    }
  }

  const basic = Buffer.from(`${auth.client_id}:${auth.client_secret}`).toString('base64')
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: auth.client_id })
  if (auth.scope !== '') form.set('scope', auth.scope)
  let held: { token: string; renew_at: number } | null = null
  let asking: Promise<string> | null = null
  const received: string[] = []

  const request = async (attempt: number): Promise<string> => {
    const what = 'POST of the client credentials to layer.token_url'
    const asked_at = now()
    const answer = await ask(
      {
        what,
        method: 'POST',
        url: auth.token_url,
        headers: {
          authorization: `Basic ${basic}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: form.toString(),
      },
      attempt,
    )
    const text = await answer.text()
    if (answer.status === 429 || answer.status >= 500) {
      throw new LayerFailure(`${what}: answered ${answer.status}`, { kind: 'busy', status: answer.status })
    }
    if (answer.status >= 300) {
      throw new LayerFailure(
        `${what}: answered ${answer.status}${oauthError(text)}; check layer.client_id, client_secret and scope`,
        { kind: 'unauthorized', status: answer.status },
      )
    }
    const body = parsed(text)
    const token = isObject(body) ? body['access_token'] : undefined
    if (!isObject(body) || typeof token !== 'string' || !isHeaderText(token)) {
      throw new LayerFailure(`${what}: the answer holds no access_token`, { kind: 'broken', status: answer.status })
    }
    const life = body['expires_in']
    const seconds = typeof life === 'number' && life > 0 ? life : LIFE_SECONDS
    held = { token, renew_at: asked_at + seconds * 1000 * RENEW_AT }
    received.push(token)
    return token
  }

  /** One request however many ask at a time. */
  const fresh = (attempt: number): Promise<string> => {
    asking ??= request(attempt).finally(() => {
      asking = null
    })
    return asking
  }

  return {
    async current(attempt) {
      return held !== null && now() < held.renew_at ? held.token : await fresh(attempt)
    },
    async renewed(refused, attempt) {
      if (held !== null && held.token !== refused) return held.token
      held = null
      return await fresh(attempt)
    },
    secrets: () => [auth.client_secret, basic, ...received],
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** ' (invalid_client)', the error code of OAuth2, if the answer has one. */
const oauthError = (text: string): string => {
  const body = parsed(text)
  const code = isObject(body) ? body['error'] : undefined
  return typeof code === 'string' && /^[\w.-]{1,40}$/.test(code) ? ` (${code})` : ''
}
