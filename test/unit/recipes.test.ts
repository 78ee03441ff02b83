import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { program } from '../../src/cli.ts'
import { loadConfig } from '../../src/config/config.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (name: string): string => readFileSync(join(ROOT, 'jobs', name), 'utf8')

/** What is wrong with `tieout ...`, as the commands themselves see it; nothing is run. */
const faultOf = async (words: readonly string[]): Promise<string | null> => {
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride((ended: CommanderError) => {
        throw ended
      })
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  }
  for (const command of program.commands) command.action(() => undefined)
  return await program.parseAsync(words, { from: 'user' }).then(
    () => null,
    (problem: unknown) => `tieout ${words.join(' ')}: ${problem instanceof Error ? problem.message : problem}`,
  )
}

/** Section -> key -> its values, as systemd reads a unit. */
const unitOf = (name: string): Map<string, Map<string, string[]>> => {
  const sections = new Map<string, Map<string, string[]>>()
  let section: Map<string, string[]> | undefined
  for (const line of read(name).split('\n')) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue
    const [, head] = /^\[(\w+)\]$/.exec(line) ?? []
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    if (head !== undefined) {
      section = new Map()
      sections.set(head, section)
    } else if (key !== undefined && value !== undefined && section)
      section.set(key, [...(section.get(key) ?? []), value])
    else throw new Error(`${name}: not a line of a unit: ${line}`)
  }
  return sections
}

/** Instructions of the Dockerfile: name and the rest, continued lines joined. */
const instructions = (): { name: string; rest: string }[] =>
  read('Dockerfile')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1).trim() }))

interface Manifest {
  kind: string
  data: Record<string, string>
  spec: {
    concurrencyPolicy?: string
    jobTemplate?: { spec: JobSpec }
    template?: JobSpec['template']
  }
}

interface JobSpec {
  template: {
    spec: {
      terminationGracePeriodSeconds?: number
      containers: {
        args: string[]
        env: { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[]
        volumeMounts: { name: string; mountPath: string }[]
      }[]
      volumes: { name: string }[]
    }
  }
}

const manifests = (): Manifest[] =>
  parseAllDocuments(read('kubernetes.yaml')).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS()
  })

const podsOf = (all: readonly Manifest[]): JobSpec['template']['spec'][] =>
  all.flatMap(({ spec }) => (spec?.jobTemplate?.spec.template ?? spec?.template)?.spec ?? [])

/** The words behind `tieout` in a line of a shell, up to what is no longer its own. */
const wordsIn = (line: string): string[] => {
  const words = /(?:\btieout|cli\.js) ([a-z][^>|&;]*)/.exec(line)?.[1] ?? ''
  return [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

describe('the recipes', () => {
  it('name commands and flags that there are: the test would tell', async () => {
    expect(await faultOf(['nightly', '--config', 'tieout.yaml', '--quiet'])).toBe(null)
    expect(await faultOf(['nightli'])).toContain("unknown command 'nightli'")
    expect(await faultOf(['nightly', '--every', 'night'])).toContain("unknown option '--every'")
    expect(await faultOf(['worker', '--schedule', '5 2 * * *', '--concurrency', '4'])).toBe(null)
    expect(await faultOf(['nightly', 'october'])).toContain('too many arguments')
    expect(await faultOf(['backfill', '--from', '2026-07'])).toContain("required option '--to <month>'")
  })

  it('cron: each line is a schedule and a command that there is', async () => {
    const lines = read('crontab.example')
      .split('\n')
      .filter((line) => /^[\d*]/.test(line))
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) {
      expect(line).toMatch(/^(?:[\d*/,-]+ ){4}[\d*/,-]+\s/)
      expect(await faultOf(wordsIn(line.slice(line.indexOf('npx'))))).toBe(null)
    }
  })

  it('systemd: a hardened night, made up for where it was missed', async () => {
    const service = unitOf('tieout.service').get('Service')
    const timer = unitOf('tieout.timer').get('Timer')
    const [line = ''] = service?.get('ExecStart') ?? []
    expect(await faultOf(wordsIn(line))).toBe(null)
    expect(wordsIn(line)[0]).toBe('nightly')
    expect(service?.get('Type')).toEqual(['oneshot'])
    expect(service?.get('User')).toEqual(['tieout'])
    for (const key of ['NoNewPrivileges', 'PrivateTmp', 'PrivateDevices', 'ProtectHome', 'ProtectKernelTunables']) {
      expect([key, service?.get(key)]).toEqual([key, ['true']])
    }
    expect(service?.get('ProtectSystem')).toEqual(['strict'])
    expect(timer?.get('Persistent')).toEqual(['true'])
    expect(timer?.get('Unit')).toEqual(['tieout.service'])
    expect(unitOf('tieout.timer').get('Install')?.get('WantedBy')).toEqual(['timers.target'])
  })

  it('systemd: a worker, as locked up as the night, that is back whatever ends it and has time to end', async () => {
    const service = unitOf('tieout-worker.service').get('Service')
    const [line = ''] = service?.get('ExecStart') ?? []
    expect(wordsIn(line)).toContain('5 2 * * *')
    expect(await faultOf(wordsIn(line))).toBe(null)
    expect(wordsIn(line)[0]).toBe('worker')
    expect(service?.get('Restart')).toEqual(['always'])
    expect(Number(service?.get('TimeoutStopSec')?.[0])).toBeGreaterThan(45)
    const locked = (unit: string): [string, string[]][] =>
      [...(unitOf(unit).get('Service') ?? [])].filter(([key]) =>
        /^(?:Protect|Private|Restrict|System|NoNew|Cap|Lock)/.test(key),
      )
    expect(locked('tieout-worker.service')).toEqual(locked('tieout.service'))
    expect(unitOf('tieout-worker.service').get('Install')?.get('WantedBy')).toEqual(['multi-user.target'])
  })

  it('Docker: not as root, without what is only for building, made of files that there are', async () => {
    const all = instructions()
    const stages = all.filter(({ name }) => name === 'FROM').map(({ rest }) => rest)
    expect(stages).toEqual(['node:24-slim AS build', 'node:24-slim'])
    const last = all.slice(all.findLastIndex(({ name }) => name === 'FROM'))
    const restOf = (wanted: string): string | undefined => last.findLast(({ name }) => name === wanted)?.rest
    expect(restOf('USER')).toBe('node')
    expect(restOf('HEALTHCHECK')).toBe('NONE')
    expect(restOf('RUN')).toContain('/usr/local/bin/tieout')
    expect(last.some(({ name, rest }) => name === 'RUN' && rest.includes('npm ci --omit=dev'))).toBe(true)
    expect(JSON.parse(restOf('ENTRYPOINT') ?? '')).toEqual(['tieout'])
    expect(await faultOf(JSON.parse(restOf('CMD') ?? ''))).toBe(null)
    const copied = all.filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
    const sources = copied.flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    const kept = read('Dockerfile.dockerignore').split('\n')
    expect(kept).toContain('*')
    expect(sources.filter((path) => !kept.includes(`!${path.split('/')[0]}`))).toEqual([])
  })

  it('Kubernetes: one night at a time, secrets from the environment, a volume for inbox and reports', async () => {
    const all = manifests()
    expect(all.map(({ kind }) => kind)).toEqual(['ConfigMap', 'PersistentVolumeClaim', 'CronJob', 'Deployment', 'Job'])
    expect(all[2]?.spec.concurrencyPolicy).toBe('Forbid')
    const pods = podsOf(all)
    expect(pods.length).toBe(3)
    expect(pods.map(({ containers }) => containers[0]?.args[0])).toEqual(['nightly', 'worker', 'backfill'])
    expect(pods[0]?.containers[0]?.args).toContain('--queue')
    expect(pods[1]?.terminationGracePeriodSeconds).toBeGreaterThan(45)
    expect(all[3]?.spec).toMatchObject({ replicas: 2, selector: { matchLabels: { app: 'tieout-worker' } } })
    for (const { containers, volumes } of pods) {
      for (const { args, env, volumeMounts } of containers) {
        expect(await faultOf(args)).toBe(null)
        expect(env.map(({ name }) => name)).toEqual(['LAYER_TOKEN', 'DATABASE_URL'])
        expect(env.map(({ valueFrom }) => valueFrom.secretKeyRef.key)).toEqual(['LAYER_TOKEN', 'DATABASE_URL'])
        expect(volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name))
      }
    }
  })

  it('Kubernetes: its tieout.yaml is a good one, and everything it writes lies on the volume', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-recipes-'))
    const path = join(folder, 'tieout.yaml')
    writeFileSync(path, manifests()[0]?.data['tieout.yaml'] ?? '')
    const environment = { DATABASE_URL: 'postgres://tieout@db.example/tieout', LAYER_TOKEN: 'hush' }
    const config = loadConfig(path, { formats: [] }, environment)
    rmSync(folder, { recursive: true })
    const inboxes = config.businesses.flatMap(({ processors }) => processors.flatMap(({ inbox }) => inbox))
    const places = [config.data_dir, config.reports.dir, ...inboxes]
    expect(places.filter((place) => !place.startsWith('/var/lib/tieout/'))).toEqual([])
    expect(config.database.url).toBe('postgres://tieout@db.example/tieout')
  })
})
