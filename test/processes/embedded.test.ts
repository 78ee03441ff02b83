import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src/core/whole-file.ts'
import { readPostmaster } from '../../src/database/embedded/postmaster.ts'
import { type ServerHome, serverHome } from '../../src/database/embedded/server-home.ts'
import { type Built, buildSource } from '../support/built.ts'
import type { Running } from '../support/command.ts'
import { FIRST, type Harbor, listing, lockedOut, openHarbor, settled, TOKEN } from '../support/harbor.ts'
import { quiet } from '../support/quiet.ts'
import { until } from '../support/until.ts'

let built: Built
let harbor: Harbor
/** of a night from nothing that nothing disturbed: its report, and how long it took */
let undisturbed: string
let took: number

/** Where the database lies: for a root whose temporary folder is closed to others, not below harbor.folder. */
const home = (): ServerHome => serverHome(join(harbor.folder, '.tieout'), quiet)
const server = (): number | null => readPostmaster(home())?.pid ?? null

async function open(): Promise<void> {
  harbor = await openHarbor(built, '')
  harbor.arrives(FIRST)
}

async function close(): Promise<void> {
  const left = server()
  if (left !== null && isAlive(left)) process.kill(left, 'SIGKILL')
  await until(() => left === null || !isAlive(left))
  rmSync(home().folder, { recursive: true, force: true })
  await harbor.close()
}

beforeAll(async () => {
  built = await buildSource()
  await open()
  const begin = performance.now()
  expect((await harbor.nightly(FIRST)).code).toBe(0)
  took = performance.now() - begin
  undisturbed = settled(harbor.text(FIRST))
  await close()
})
beforeEach(open)
afterEach(close)

const begin = (): Running => harbor.start('nightly', '--as-of', FIRST.as_of)

/** The night once more: nothing is wrong, the report is the undisturbed one, and no server is left running. */
async function expectAsUndisturbed(): Promise<void> {
  const again = await harbor.nightly(FIRST)
  expect(again.stderr).not.toContain('"level":"error"')
  expect(again.code).toBe(0)
  expect(settled(harbor.text(FIRST))).toBe(undisturbed)
  expect(server()).toBeNull()
}

const initializing = (): boolean =>
  readdirSync(home().folder, { recursive: true }).some((name) => /\.half\/data\/base/.test(String(name)))

describe('a nightly on the embedded Postgres, from an empty folder', () => {
  it.each([0.15, 0.4, 0.65, 0.9])('killed after %f of its life and run again, reports the same', async (part) => {
    // where the machine has become faster and it is through before, it is begun anew and killed earlier
    for (let life = took; ; ) {
      const born = performance.now()
      const job = begin()
      const ended = job.ended.then(({ code }) => ({ code, age: performance.now() - born }))
      await sleep(life * part)
      job.process.kill('SIGKILL')
      const { code, age } = await ended
      if (code === null) break
      life = Math.min(age, life * 0.9)
      await close()
      await open()
    }
    await expectAsUndisturbed()
  })

  it('killed while its database is being made and run again, reports the same', async () => {
    const job = begin()
    await until(initializing)
    job.process.kill('SIGKILL')
    await job.ended
    await expectAsUndisturbed()
  })

  it('told to stop (SIGTERM) while Layer keeps it waiting, stops its server, exits with 1, and can be run again', async () => {
    harbor.answers(() => ({ fault: 'none' }))
    const job = begin()
    await until(() => harbor.layer.asked.length === 2)
    job.process.kill('SIGTERM')
    const ended = await job.ended
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('SIGTERM: ending')
    expect(ended.stderr).not.toContain('"level":"error"')
    expect(server()).toBeNull()
    harbor.answers(listing(FIRST))
    await expectAsUndisturbed()
  })

  it('leaves the token in no file: no report, no log, no table, where Layer repeats it in its refusal', async () => {
    harbor.answers(lockedOut)
    const ended = await harbor.nightly(FIRST, '--verbose')
    expect(ended.code).toBe(4)
    expect(ended.stdout + ended.stderr).toContain('[secret]')
    expect(ended.stdout + ended.stderr).not.toContain(TOKEN)
    const paths = [...new Set([harbor.folder, home().folder])].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map((file) => join(file.parentPath, file.name)),
    )
    expect(paths.length).toBeGreaterThan(900)
    expect(paths.filter((path) => readFileSync(path).includes(TOKEN))).toEqual([])
  })
})
