/** Where the desk listens, whom it believes, and which requests it refuses before it looks at them. */

import { userInfo } from 'node:os'
import type { Config } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { samePerson } from '../core/person.ts'
import { type Person, sameSecret } from './session.ts'

export interface Access {
  /** a path is a Unix socket */
  listen: { host: string; port: number } | { path: string }
  /** the header in which a proxy names the person, and what it proves itself with (null: the socket's rights do); null: links */
  proxy: { header: string; secret: string | null } | null
  people: readonly Person[]
}

/** Where a proxy says what it is. */
const SECRET_HEADER = 'x-tieout-proxy-secret'

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost']

/** What the configuration comes to. Throws UsageFault where anybody could name themselves, or the secret is not in the environment. */
export const accessOf = ({ desk, people }: Pick<Config, 'desk' | 'people'>, port: number): Access => {
  const { listen, trusted_user_header: header, proxy_secret: secret } = desk
  if (desk.unset !== undefined) throw new UsageFault(desk.unset)
  const isSocket = listen.includes('/')
  if (header === null) {
    if (!isSocket && LOOPBACK.includes(listen)) {
      return { listen: { host: listen, port }, proxy: null, people: people.length > 0 ? people : [systemUser()] }
    }
    throw new UsageFault(
      `desk.listen ${listen}: found neither this machine alone nor a proxy that says who signed in, expected 127.0.0.1, or desk.trusted_user_header too`,
    )
  }
  if (!isSocket && secret === null) {
    throw new UsageFault(
      `desk.trusted_user_header ${header}: anybody could send it, expected a Unix socket in desk.listen, or desk.proxy_secret, which the proxy sends as ${SECRET_HEADER}`,
    )
  }
  if (people.length === 0)
    throw new UsageFault('people: found nobody, expected whom the proxy may name, such as {name: Ada, role: preparer}')
  return { listen: isSocket ? { path: listen } : { host: listen, port }, proxy: { header, secret }, people }
}

/** Without people in the configuration, whoever runs the desk may do all. */
const systemUser = (): Person => {
  let name = ''
  try {
    name = userInfo().username
  } catch {
    // a user without an entry, as containers have them
  }
  return { name: name === '' ? 'desk' : name, role: 'reviewer' }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

const one = (headers: Headers, name: string): string | null => {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}

/** The person whom the proxy names; null: it does not prove itself, or names nobody of ours. */
export const namedByProxy = ({ proxy, people }: Access, headers: Headers): Person | null => {
  if (proxy === null) return null
  if (proxy.secret !== null && !sameSecret(one(headers, SECRET_HEADER) ?? '', proxy.secret)) return null
  // node reads the bytes of a header as Latin-1
  const name = Buffer.from(one(headers, proxy.header) ?? '', 'latin1').toString('utf8')
  return people.find((person) => samePerson(person.name, name)) ?? null
}

/**
 * Whether the request names this desk as its host. A page elsewhere whose own name comes to mean this machine (DNS rebinding)
 * does not. Behind a proxy the host is the company's, and the proxy's proof stands in its place.
 */
export const isOwnHost = ({ proxy }: Access, port: number, headers: Headers): boolean =>
  proxy !== null || ['127.0.0.1', 'localhost', '[::1]'].some((host) => headers['host'] === `${host}:${port}`)

/** Whether what a form sends comes from a page of this desk. A program that is no browser sends neither header. */
export const isOwnOrigin = ({ proxy }: Access, headers: Headers): boolean => {
  const site = one(headers, 'sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const origin = one(headers, 'origin')
  if (origin === null) return true
  const host = (proxy === null ? null : one(headers, 'x-forwarded-host')) ?? one(headers, 'host')
  return URL.canParse(origin) && new URL(origin).host === host && (proxy !== null || origin === `http://${host}`)
}
