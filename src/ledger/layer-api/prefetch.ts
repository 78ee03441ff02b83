/** The page after the one being worked on, asked for already: Layer puts it together meanwhile. */

import { setImmediate } from 'node:timers/promises'
import type { HttpAnswer } from './http.ts'

export interface Ahead {
  /** Asks for the page at a cursor, and returns when the request is on its way. What fails comes out of take(). */
  ask(cursor: string, send: () => Promise<HttpAnswer>): Promise<void>
  /** The answer of the page at a cursor; null where that one was not asked for. */
  take(cursor: string | null): Promise<HttpAnswer> | null
  /** The page is not wanted any more. */
  drop(): void
}

/** Of one listing: at most one page is asked for ahead. */
export function askAhead(): Ahead {
  let asked: { cursor: string; answer: Promise<HttpAnswer> } | null = null

  const drop = (): void => {
    asked?.answer.then(
      (answer) => answer.cancel(),
      () => undefined,
    )
    asked = null
  }

  return {
    async ask(cursor, send) {
      drop()
      const answer = send()
      answer.catch(() => undefined)
      asked = { cursor, answer }
      await setImmediate() // the work on this page leaves the event loop no turn to send it
    },
    take(cursor) {
      if (asked?.cursor !== cursor) {
        drop()
        return null
      }
      const { answer } = asked
      asked = null
      return answer
    },
    drop,
  }
}
