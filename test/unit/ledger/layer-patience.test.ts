import { expect, test } from 'vitest'
import { type FailureKind, LayerFailure } from '../../../src/ledger/layer-api/failure.ts'
import { createPatience } from '../../../src/ledger/layer-api/retry.ts'
import { quiet } from '../../support/quiet.ts'

/** A clock that only moves when somebody sleeps; pauses are at their longest (random = 1). */
function fakeClock() {
  const clock = {
    millis: 1_000_000,
    pauses: [] as number[],
    now: () => clock.millis,
    random: () => 1,
    async sleep(ms: number) {
      clock.pauses.push(ms)
      clock.millis += ms
    },
  }
  return clock
}

const fail = (kind: FailureKind, wait_ms: number | null = null) => new LayerFailure(`it is ${kind}`, { kind, wait_ms })

/** Runs a request that fails as told and then succeeds; how often it was tried, and how it ended. */
async function attempt(patience: ReturnType<typeof createPatience>, failures: readonly LayerFailure[]) {
  let tries = 0
  const ended = await patience
    .persist(async () => {
      tries++
      const failure = failures[tries - 1]
      if (failure !== undefined) throw failure
      return 'answered'
    })
    .catch((error: unknown) => (error instanceof LayerFailure ? error.message : 'something else'))
  return { tries, ended }
}

const times = (count: number, kind: FailureKind) => new Array<LayerFailure>(count).fill(fail(kind))

test('two failures in a row heal, with growing pauses', async () => {
  const clock = fakeClock()
  const patience = createPatience(clock, quiet, 4)
  expect(await attempt(patience, [fail('busy'), fail('broken')])).toEqual({ tries: 3, ended: 'answered' })
  expect(clock.pauses).toEqual([1000, 2000])
})

test('a failure that lasts ends after four attempts', async () => {
  const patience = createPatience(fakeClock(), quiet, 4)
  expect(await attempt(patience, times(9, 'broken'))).toEqual({
    tries: 4,
    ended: 'it is broken (given up after 4 attempts)',
  })
})

test.each(['unauthorized', 'refused'] as const)('what Layer calls %s is asked once', async (kind) => {
  expect(await attempt(createPatience(fakeClock(), quiet, 4), [fail(kind)])).toEqual({
    tries: 1,
    ended: `it is ${kind}`,
  })
})

test('a server that says how long to wait is left alone that long, up to two minutes together', async () => {
  const clock = fakeClock()
  const patience = createPatience(clock, quiet, 4)
  expect((await attempt(patience, [fail('busy', 90_000)])).ended).toBe('answered')
  expect(clock.pauses).toEqual([90_000])
  expect((await attempt(patience, [fail('busy', 90_000), fail('busy', 40_000)])).ended).toContain('given up after 2')
  expect((await attempt(patience, [fail('busy', 3_600_000)])).ended).toContain('given up after 1 attempt')
})

test('a Layer that gives no answer at all ends a job of 200 businesses within five minutes', async () => {
  const clock = fakeClock()
  const patience = createPatience(clock, quiet, 4)
  const first_byte_ms = [10_000, 20_000, 40_000, 60_000]
  let requests = 0
  const started = clock.millis
  const problems: string[] = []
  for (let listing = 0; listing < 400; listing++) {
    await patience
      .persist(async (attempt_no) => {
        requests++
        clock.millis += first_byte_ms[attempt_no - 1] ?? 0
        throw fail('no_answer')
      })
      .catch((error: unknown) => problems.push(error instanceof Error ? error.message : ''))
  }
  expect(problems).toHaveLength(400)
  expect(problems.at(-1)).toContain('not asked: the last 4 requests got no answer')
  expect(requests).toBe(7)
  expect(clock.millis - started).toBeLessThan(180_000)
})

test('one answer gives all attempts back', async () => {
  const patience = createPatience(fakeClock(), quiet, 4)
  expect((await attempt(patience, times(9, 'no_answer'))).tries).toBe(4)
  expect((await attempt(patience, times(9, 'no_answer'))).tries).toBe(1)
  expect((await attempt(patience, [])).ended).toBe('answered')
  expect((await attempt(patience, times(9, 'no_answer'))).tries).toBe(4)
})

test('a Layer that answers only with faults is asked once per listing after two were given up', async () => {
  const patience = createPatience(fakeClock(), quiet, 4)
  const tries: number[] = []
  for (let listing = 0; listing < 5; listing++) tries.push((await attempt(patience, times(9, 'busy'))).tries)
  expect(tries).toEqual([4, 4, 1, 1, 1])
})

test('a limit that is used up is waited for before the next request', async () => {
  const clock = fakeClock()
  const patience = createPatience(clock, quiet, 4)
  patience.holdUntil(clock.millis + 800)
  expect((await attempt(patience, [])).ended).toBe('answered')
  expect(clock.pauses).toEqual([800])
})
