/** Waits for a server that has no free connection. */

import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from './explain.ts'

/** It is asked again: other jobs let theirs go, and those of a killed one end in seconds. */
const UNTIL_FREE = { every_ms: 200, at_most_ms: 20_000 }
const NO_CONNECTION_FREE = '53300'

/** What needs a connection, once the server has one free; nothing was done before that. */
export async function whenFree<T>(connect: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + UNTIL_FREE.at_most_ms
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      if (errorCode(error) !== NO_CONNECTION_FREE || performance.now() >= deadline) throw error
      await sleep(UNTIL_FREE.every_ms)
    }
  }
}
