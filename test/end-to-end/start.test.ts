import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor } from '../support/harbor.ts'

let built: Built
let database: FreshDatabase
let harbor: Harbor

beforeAll(async () => {
  built = await buildSource()
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
})
afterAll(async () => {
  await harbor.close()
  await database.close()
})

interface Loaded {
  stdout: string
  /** files of JavaScript that the process read */
  files: string[]
  /** packages of which something is in them, or that they are of */
  packages: Set<string>
}

/** The package whose module it is, by the last node_modules in its path. */
const packagesIn = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//.exec(path)?.[1] ?? [])

/** The modules that were bundled into a file; the bundler's own few lines are of none. */
const sourcesOf = (file: string): string[] => {
  if (!existsSync(`${file}.map`)) return []
  const { sources }: { sources: string[] } = JSON.parse(readFileSync(`${file}.map`, 'utf8'))
  return sources.map((source) => join(dirname(file), source))
}

/** Runs `tieout ...`, which has Node itself note what it loads. */
async function loading(name: string, ...words: string[]): Promise<Loaded> {
  const noted = join(harbor.folder, `loaded-${name}`)
  mkdirSync(noted)
  const environment = { ...harbor.environment, NODE_V8_COVERAGE: noted }
  const { code, stdout, stderr } = await tieout(built, harbor.folder, words, environment)
  expect(code, stderr).toBe(0)
  const urls = readdirSync(noted).flatMap((file) => {
    const { result }: { result: { url: string }[] } = JSON.parse(readFileSync(join(noted, file), 'utf8'))
    return result.map(({ url }) => url)
  })
  const files = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url))
  const ours = files.filter((file) => file.startsWith(built.folder))
  const theirs = files.filter((file) => !file.startsWith(built.folder))
  return {
    stdout,
    files,
    packages: new Set([...ours.flatMap((file) => packagesIn(sourcesOf(file))), ...packagesIn(theirs)]),
  }
}

/** Each costs a tenth of a second or a good part of it, and is needed for other work. */
const FOR_OTHER_WORK = ['kysely', 'csv-parse', 'graphile-worker', 'fastify', 'nodemailer', 'yazl']
const neededFor = ({ packages }: Loaded): string[] => FOR_OTHER_WORK.filter((name) => packages.has(name))

describe('a job that has little to do', () => {
  it('imports files known already without what reads new ones, and opens 25 files of JavaScript at most', async () => {
    const first = await loading('first', 'import')
    expect(first.stdout).toContain(' new')
    expect(neededFor(first)).toEqual(['csv-parse'])

    const again = await loading('again', 'import')
    expect(again.stdout).toContain('4 files were imported before')
    expect(again.packages).toContain('zod')
    expect(neededFor(again)).toEqual([])
    expect(again.files.length).toBeLessThanOrEqual(25)
  })

  it('explains itself by its commands and flags alone', async () => {
    const { files, packages, stdout } = await loading('help', 'import', '--help')
    expect(stdout).toContain('Imports processor files')
    expect([...packages]).toEqual(['commander'])
    expect(files.length).toBeLessThanOrEqual(6)
  })

  it('migrates without what is needed for other work', async () => {
    expect(neededFor(await loading('migrate', 'migrate'))).toEqual([])
  })
})
