/** How long to go on asking: attempts, pauses between them, and the brake that keeps a dead Layer from holding a job. */

import type { Log } from '../../core/log.ts'
import { counted } from '../../core/words.ts'
import { LayerFailure, mayHeal } from './failure.ts'

export interface LayerClock {
  /** milliseconds since 1970 */
  now(): number
  sleep(ms: number): Promise<void>
  /** 0 <= n < 1 */
  random(): number
}

export interface Patience {
  /** Runs one request until it succeeds or its attempts, `limit` at most, are used up. `once` is given the attempt, from 1. */
  persist<T>(once: (attempt: number) => Promise<T>, limit?: number): Promise<T>
  /** The server wants no request before this instant (a rate limit used up). */
  holdUntil(millis: number): void
  /** Whether it wants none now. */
  holds(): boolean
}

const FIRST_PAUSE = 1_000
/** All pauses of one request together. */
const LONGEST_WAIT = 120_000
/** With the brake on, a longer pause than this is not waited for. */
const SHORT_WAIT = 5_000

/** Requests in a row without any answer, after which no more are made: the first with all its attempts, three with one. */
const SILENT_REQUESTS = 4
/** Requests in a row given up for other reasons (5xx, cut-off bodies), after which each gets one attempt. */
const FAILED_REQUESTS = 2

/**
 * One for all requests of a job. Attempts: `attempts`, at first; once a request has used them up without any answer
 * (or two have in another way), the next get one each; after three such without an answer nothing is asked any more.
 * A success resets all. So a Layer that is down ends a job of 200 businesses in under three minutes, where
 * patience with each listing would take 15 hours.
 */
export function createPatience(clock: LayerClock, log: Log, attempts: number): Patience {
  let silent = 0
  let failed = 0
  let not_before = 0

  const gaveUp = (failure: LayerFailure): void => {
    failed++
    silent = failure.kind === 'no_answer' ? silent + 1 : 0
  }

  const persist = async <T>(once: (attempt: number) => Promise<T>, limit = attempts): Promise<T> => {
    if (silent >= SILENT_REQUESTS) {
      throw new LayerFailure(
        `not asked: the last ${silent} requests got no answer from Layer; run again when it is up`,
        {
          kind: 'no_answer',
        },
      )
    }
    const is_braked = silent > 0 || failed >= FAILED_REQUESTS
    const most = is_braked ? 1 : limit
    let waited = 0
    for (let attempt = 1; ; attempt++) {
      const hold = not_before - clock.now()
      if (hold > 0 && (!is_braked || hold <= SHORT_WAIT) && waited + hold <= LONGEST_WAIT) {
        waited += hold
        await clock.sleep(hold)
      }
      try {
        const result = await once(attempt)
        silent = 0
        failed = 0
        return result
      } catch (error) {
        if (!(error instanceof LayerFailure) || !mayHeal(error)) throw error
        const pause = error.wait_ms ?? FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + clock.random() / 2)
        if (attempt >= most || waited + pause > LONGEST_WAIT) {
          gaveUp(error)
          throw new LayerFailure(`${error.message} (given up after ${counted(attempt, 'attempt')})`, error)
        }
        log.warn({ attempt, of: most, pause_ms: Math.round(pause) }, `${error.message}; asking again`)
        waited += pause
        await clock.sleep(pause)
      }
    }
  }

  return {
    persist,
    holdUntil(millis) {
      not_before = Math.max(not_before, millis)
    },
    holds: () => not_before > clock.now(),
  }
}
