/** Two formats never claim one file; a file that nearly fits is refused with the nearest format and what differs. */

import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FileFault } from '../../../src/core/errors.ts'
import { detectFormat } from '../../../src/processor/formats/detect-format.ts'
import { FORMATS } from '../../../src/processor/formats/formats.ts'
import { columnKey } from '../../../src/processor/read/columns.ts'
import { openCsv } from '../../../src/processor/read/csv-file.ts'
import { makeReader, type Reader, write } from '../../support/report-seeds.ts'

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures')
let folder = ''
let reader: Reader
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tieout-detect-'))
  reader = await makeReader()
})
afterAll(async () => {
  await reader.remove()
  await rm(folder, { recursive: true })
})

/** The names of all formats that claim a file by its header. */
const claiming = async (path: string): Promise<string[]> => {
  const file = await openCsv(path)
  try {
    return FORMATS.filter((format) =>
      format.delimiters.some((delimiter) => {
        const head = file.head(delimiter)
        return head.length > 0 && format.identify(head) !== null
      }),
    ).map(({ name }) => name)
  } finally {
    await file.close()
  }
}

/** Why a file with these lines is refused, whatever format it may be of. */
const refusal = async (content: string): Promise<string> => {
  const path = join(folder, 'near.csv')
  await writeFile(path, content)
  const file = await openCsv(path)
  try {
    const { format } = detectFormat(file, FORMATS, '')
    return `read as ${format.name}`
  } catch (problem) {
    if (!(problem instanceof FileFault)) throw problem
    return problem.message
  } finally {
    await file.close()
  }
}

describe.each(FORMATS.map((format) => ({ name: format.name, format })))('$name', ({ name, format }) => {
  test('claims its example and its fixtures, and no other format does', async () => {
    const example = join(folder, `${name}.csv`)
    await writeFile(example, `${format.example}\n`)
    expect(await claiming(example)).toEqual([name])
    const place = join(FIXTURES, name)
    const variants = readdirSync(place).flatMap((variant) => {
      const paths = ['statement.csv', 'statement.txt', 'statement.tsv', 'statement.csv.gz']
      return paths.map((file) => join(place, variant, file)).filter((path) => existsSync(path))
    })
    expect(variants.length).toBeGreaterThan(0)
    for (const path of variants) {
      const claims = await claiming(path).catch((problem: unknown) => {
        if (problem instanceof FileFault) return []
        throw problem
      })
      expect(claims.length, path).toBeLessThanOrEqual(1)
      if (!path.includes('other-layout')) expect([name], path).toEqual(expect.arrayContaining(claims))
    }
  })

  test('is named where its example lacks a needed column, with the column', async () => {
    const [example] = await reader.seeds(format)
    const { header } = example ?? {}
    if (example === undefined || header === null || header === undefined) return
    for (const { name: needed } of format.columns.filter(({ required }) => required)) {
      const place = header.findIndex((title) => columnKey(title) === columnKey(needed))
      if (place === -1) continue
      const said = await refusal(write({ ...example, header: header.with(place, 'Something else') }).text)
      // what is not asked for to tell the format is refused when it is opened
      if (said === `read as ${name}`) {
        const { text } = write({ ...example, header: header.with(place, 'Something else') })
        const { refused } = await reader.read(format, example.context, text)
        if (refused !== null) expect(refused).toContain(`'${header[place]}'`)
        continue
      }
      expect(said).toContain(`nearest is ${name}`)
      expect(said).toMatch(new RegExp(`missing: .*${needed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
      expect(said).toContain("'Something else'")
    }
  })
})

test.each([
  ['semicolons', 'Data;Tipo;Ordine;Importo', "'Data', 'Tipo', 'Ordine', 'Importo'"],
  ['tabs', 'Datum\tTyp\tBestellung', "'Datum', 'Typ', 'Bestellung'"],
  ['bars', 'Fecha|Tipo|Pedido', "'Fecha', 'Tipo', 'Pedido'"],
])('an unknown header cut at %s is shown by its columns', async (name, header, columns) => {
  const path = join(folder, `${name}.csv`)
  await writeFile(path, `${header}\n`)
  const file = await openCsv(path)
  expect(() => detectFormat(file, FORMATS, 'SHOPIFY')).toThrow(`no report format known: line 1 is ${columns}, expected`)
  await file.close()
})
