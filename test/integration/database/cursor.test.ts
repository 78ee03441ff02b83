import { afterAll, beforeAll, expect, test } from 'vitest'
import { batches } from '../../../src/database/cursor.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
let business_id: string

beforeAll(async () => {
  database = await freshDatabase()
  business_id = (await storeBusiness(database)).business_id
})

afterAll(() => database.close())

/** So many notes are read: the last says that everything is to be matched anew. */
const note = async (notes: number): Promise<void> => {
  await database.query('delete from note where business_id = $1', [business_id])
  await database.query(
    `insert into note (business_id, code, place, text) select $1, 'EARLIER', place, 'note ' || place from generate_series(1, $2::int) place`,
    [business_id, notes - 1],
  )
}

/** The sizes of the batches, and the texts of all. */
const readNotes = async (): Promise<{ sizes: number[]; texts: (string | null)[] }> =>
  await database.transaction(async (db) => {
    const sizes: number[] = []
    const texts: (string | null)[] = []
    for await (const rows of batches<{ text: string | null }>(db, 'report/notes', [business_id])) {
      sizes.push(rows.length)
      texts.push(...rows.map(({ text }) => text))
    }
    return { sizes, texts }
  })

test.each([
  [1, [1]],
  [3, [3]],
  [2_000, [2_000]],
  [2_001, [2_000, 1]],
  [4_500, [2_000, 2_000, 500]],
])('%i rows come in batches of up to 2,000, each once and in order', async (notes, sizes) => {
  await note(notes)
  const read = await readNotes()
  expect(read.sizes).toEqual(sizes)
  expect(read.texts.slice(0, -1)).toEqual(Array.from({ length: notes - 1 }, (_, place) => `note ${place + 1}`))
  expect(read.texts.at(-1)).toMatch(/^A setting that matters to matching changed/)
})

test('two lists are read side by side, other statements run between, and one that is left early is closed', async () => {
  await note(4_500)
  await database.transaction(async (db) => {
    const [one, other] = [
      batches<{ text: string | null }>(db, 'report/notes', [business_id]),
      batches<{ text: string | null }>(db, 'report/notes', [business_id]),
    ]
    expect((await one.next()).value).toHaveLength(2_000)
    expect((await other.next()).value?.[0]).toMatchObject({ text: 'note 1' })
    expect(await db.query<{ two: number }>('select 1 + $1::int as two', [1])).toEqual([{ two: 2 }])
    expect((await one.next()).value?.[0]).toMatchObject({ text: 'note 2001' })
    await other.return(undefined)
    expect((await one.next()).value).toHaveLength(500)
    expect((await one.next()).done).toBe(true)
    expect(await db.query('select name from pg_cursors where name like $1', ['reading%'])).toEqual([])
  })
})

test('what fails at the first row or at a later one is a fault, and the connection goes on', async () => {
  const failing = async (at: number): Promise<string> =>
    await database
      .transaction(async (db) => {
        const { more } = await db.open(
          `failing_${at}`,
          2,
          'select 1 / (n - $1::int) from generate_series(1, 5) n',
          [at],
          'failing',
        )
        expect(more).toBe(true)
        return String(await db.query(`fetch 2 from failing_${at}`))
      })
      .catch((error: unknown) => `${(error as Error).name}: ${(error as Error).message}`)
  expect(await failing(1)).toMatch(/division by zero/)
  expect(await failing(4)).toMatch(/division by zero/)
  expect(await readNotes()).toMatchObject({ sizes: [2_000, 2_000, 500] })
})
