/** Waiting for what another process does. */

import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves once the condition holds, which is looked at often; it must come true within the test's time. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 55_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${condition}`)
    await sleep(5)
  }
}
