/** Who is signed in: links that are good once, and the sessions that they begin. Kept in memory: a desk started anew prints new links. */

import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Role } from '../config/types.ts'

export interface Person {
  name: string
  role: Role
}

export interface Session {
  person: Person
  /** every form sends it back */
  csrf: string
  /** what is said once, on the next page */
  notice: string | null
  ends_at: number
}

/** A session ends so long after it began. */
const LASTS_MILLIS = 12 * 3_600_000
/** Of more the oldest end: a proxy's people may come without cookies. */
const MOST_SESSIONS = 10_000

const token = (): string => randomBytes(32).toString('base64url')

/** Compares without saying by its time how much of it is right. */
export const sameSecret = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export class Sessions {
  readonly #links = new Map<string, Person>()
  readonly #sessions = new Map<string, Session>()
  readonly #clock: () => number

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** The secret part of a link by which this person signs in once. */
  link(person: Person): string {
    const secret = token()
    this.#links.set(secret, person)
    return secret
  }

  /** Begins the session of a link, which is good no more then; null: it is none, or was used. */
  signIn(secret: string): string | null {
    const person = this.#links.get(secret)
    if (person === undefined) return null
    this.#links.delete(secret)
    return this.begin(person)
  }

  /** Begins a session; gives the value of its cookie. */
  begin(person: Person): string {
    const cookie = token()
    this.#sessions.set(cookie, { person, csrf: token(), notice: null, ends_at: this.#clock() + LASTS_MILLIS })
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= MOST_SESSIONS) break
      this.#sessions.delete(oldest)
    }
    return cookie
  }

  /** The session of a cookie, null where there is none or it is over. */
  of(cookie: string | null): Session | null {
    const session = cookie === null ? undefined : this.#sessions.get(cookie)
    if (session === undefined || cookie === null) return null
    if (session.ends_at > this.#clock()) return session
    this.#sessions.delete(cookie)
    return null
  }

  end(cookie: string | null): void {
    if (cookie !== null) this.#sessions.delete(cookie)
  }
}
