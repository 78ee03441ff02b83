import { afterAll, beforeAll, expect, test } from 'vitest'
import { BusyFault, DatabaseFault } from '../../../src/core/errors.ts'
import { createLog } from '../../../src/core/log.ts'
import { openDatabase } from '../../../src/database/connect.ts'
import { withBusinessLock } from '../../../src/database/locks.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'

const HARBOR = { id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', name: 'Harbor Coffee' }
const MILL = { id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02', name: 'Mill Street' }

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Starts a run that holds the lock until it is told to end. */
async function hold(business: typeof HARBOR): Promise<() => Promise<void>> {
  const started = gate()
  const end = gate()
  const run = withBusinessLock(database, business, quiet, async () => {
    started.open()
    await end.opened
  })
  await started.opened
  return async () => {
    end.open()
    await run
  }
}

test('a second run of a business waits for the first, says so once, and then runs', async () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', pretty: false }, { write: (line) => lines.push(line) })
  const order: string[] = []
  const release = await hold(HARBOR)
  const second = withBusinessLock(database, HARBOR, log, async () => order.push('second'))
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  order.push('first')
  await release()
  await second
  expect(order).toEqual(['first', 'second'])
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('another run is at work on this business')
  expect(lines[0]).toContain(HARBOR.id)
})

test('a run that waited in vain says that another one is at work, and does nothing', async () => {
  const release = await hold(HARBOR)
  let worked = false
  const work = async () => {
    worked = true
  }
  const refused = await withBusinessLock(database, HARBOR, quiet, work, 0).catch((fault: unknown) => fault)
  expect(refused).toBeInstanceOf(BusyFault)
  expect(refused).toHaveProperty(
    'message',
    'Harbor Coffee: another run has been at work on it for the last 0 seconds; run again when it is done',
  )
  expect(worked).toBe(false)
  await release()
  await withBusinessLock(database, HARBOR, quiet, work, 0)
  expect(worked).toBe(true)
})

test('runs of two businesses do not wait for each other', async () => {
  const release = await hold(HARBOR)
  expect(await withBusinessLock(database, MILL, quiet, async () => 'done', 0)).toBe('done')
  await release()
})

test('the lock of a run that failed is free', async () => {
  const failed = withBusinessLock(database, HARBOR, quiet, async () => {
    throw new Error('the pull failed')
  })
  await expect(failed).rejects.toThrow('the pull failed')
  expect(await withBusinessLock(database, HARBOR, quiet, async () => 'done', 0)).toBe('done')
})

test('the lock of a run whose connection broke is free, and that run hears of it', async () => {
  const broken = withBusinessLock(database, HARBOR, quiet, async () => {
    await database.query(
      `select pg_terminate_backend(pid) from pg_locks
       where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
         and pid <> pg_backend_pid()`,
    )
    expect(await withBusinessLock(database, HARBOR, quiet, async () => 'done', 5)).toBe('done')
    // it hears of it however fast the other one was
    await new Promise(() => undefined)
  })
  await expect(broken).rejects.toThrow(/lock.*lost/)
})

test('a run that lost its lock hears of it at once, though it waits for something else, and writes nothing more', async () => {
  const own = await openDatabase({ url: database.url, data_dir: '' }, quiet)
  const other = await openDatabase({ url: database.url, data_dir: '' }, quiet)
  let late: unknown = null
  const run = withBusinessLock(own, HARBOR, quiet, async () => {
    await own.transaction(async (db) => {
      await db.query('create table written_late ()')
      await other.query(
        `select pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      late = await db.query('select 1').catch((error: unknown) => error)
    })
  })
  await expect(run).rejects.toThrow(/^Harbor Coffee: the lock on it was lost.*run again/)
  expect(late).toBeNull()
  await expect(own.query('select 1')).rejects.toThrow(/the lock on it was lost/)
  expect(String(await own.lost)).toContain('the lock on it was lost')
  await expect(other.query('select from written_late')).rejects.toThrow('does not exist')
  while (late === null) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(late).toBeInstanceOf(DatabaseFault)
  expect(await withBusinessLock(other, HARBOR, quiet, async () => 'done', 0)).toBe('done')
  await Promise.all([own.close(), other.close()])
})
