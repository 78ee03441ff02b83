/** The files that make up a configuration: tieout.yaml, and one file a business where it names a businesses_dir. */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { UsageFault } from '../core/errors.ts'
import { type ConfigFault, type ConfigText, parseConfigText, type Unset } from './file.ts'
import { isRecord } from './values.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigSources {
  /** what the files say together: each file of businesses_dir is one more entry of `businesses` */
  value: unknown
  /** whether every file is YAML, and businesses_dir, if named, has files: only then does `value` say what was meant */
  is_whole: boolean
  /** what the syntax, the environment and the folder already make impossible, each with its place */
  faults: string[]
  /** secrets that the environment lacks */
  unset: Unset[]
  /** a fault of `value` as one sentence with its place: 'tieout.yaml:12:7: businesses[0].currency: expected ...' */
  sentence(fault: ConfigFault): string
  /** which file the value at a path comes from, as people know it */
  fileOf(path: readonly PropertyKey[]): string
  /** faults in the order of the files and of their lines, each once */
  inOrder(faults: readonly string[]): string[]
  /** sha256 of all texts before the environment was filled in */
  hash: string
}

interface SourceFile {
  /** as people know it: relative to the folder of tieout.yaml */
  name: string
  text: string
  parsed: ConfigText
}

/**
 * Reads tieout.yaml at an absolute path; `said` is the path as the user gave it.
 * @throws UsageFault where there is no such file
 */
export const readConfigSources = (path: string, said: string, environment: Environment): ConfigSources => {
  const text = textOf(path, said)
  const parsed = parseConfigText(text, basename(path), environment)
  const main: SourceFile = { name: basename(path), text, parsed }
  const folder = folderOf(parsed.value, path)
  const listed = folder === null ? { files: [], faults: [] } : filesOf(folder, dirname(path), environment)
  const files = [main, ...listed.files]
  const own = ownBusinesses(parsed.value)
  const hash = createHash('sha256').update(text)
  for (const file of listed.files) hash.update(`\0${file.name}\0${file.text}`)

  /** The file that a path of the whole leads into, and the path within that file. */
  const locate = (whole: readonly PropertyKey[]): { file: SourceFile; path: readonly PropertyKey[] } => {
    const [first, index, ...rest] = whole
    const file = first === 'businesses' && typeof index === 'number' ? listed.files[index - own.length] : undefined
    return file === undefined ? { file: main, path: whole } : { file, path: rest }
  }
  return {
    value: together(parsed.value, own, listed.files),
    is_whole:
      files.every((file) => file.parsed.value !== null || file.parsed.faults.length === 0) &&
      (folder === null || listed.files.length > 0),
    faults: [
      ...files.flatMap((file) => file.parsed.faults),
      ...listed.faults.map((message) => sentenceIn(parsed, { path: ['businesses_dir'], message })),
    ],
    unset: files.flatMap((file) => file.parsed.unset),
    sentence: (fault) => {
      const { file, path: at } = locate(fault.path)
      return sentenceIn(file.parsed, { ...fault, path: at })
    },
    fileOf: (at) => locate(at).file.name,
    inOrder: (faults) => inOrder(faults, files),
    hash: hash.digest('hex'),
  }
}

const textOf = (path: string, said: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageFault(
      `${said}: no configuration can be read here. Make one with \`tieout init\`, or name another with --config.`,
      { cause },
    )
  }
}

/** The folder that businesses_dir names, absolute; null where none is named. A value that is no text is refused later. */
const folderOf = (value: unknown, path: string): string | null => {
  const named = isRecord(value) ? value['businesses_dir'] : undefined
  return typeof named === 'string' && named.trim() !== '' ? resolve(dirname(path), named.trim()) : null
}

/** The files of the folder by name, and why the folder cannot be used. A hidden file is no business. */
const filesOf = (
  folder: string,
  relativeTo: string,
  environment: Environment,
): { files: SourceFile[]; faults: string[] } => {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return { files: [], faults: ['expected a folder that can be read, with one file *.yaml a business'] }
  }
  const faults = names
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `holds ${name}, which would not be read: expected ${name.replace(/yml$/, 'yaml')}`)
  const files = names.filter((name) => name.endsWith('.yaml')).sort()
  if (files.length === 0 && faults.length === 0) {
    return { files: [], faults: ['holds no file *.yaml: expected one a business'] }
  }
  return {
    faults,
    files: files.flatMap((file) => {
      const name = relative(relativeTo, join(folder, file))
      try {
        const text = readFileSync(join(folder, file), 'utf8')
        return [{ name, text, parsed: parseConfigText(text, name, environment) }]
      } catch {
        faults.push(`holds ${file}, which cannot be read: expected a file of text`)
        return []
      }
    }),
  }
}

const ownBusinesses = (value: unknown): unknown[] => {
  const listed = isRecord(value) ? value['businesses'] : undefined
  return Array.isArray(listed) ? listed : []
}

const together = (value: unknown, own: readonly unknown[], files: readonly SourceFile[]): unknown => {
  if (!isRecord(value) || files.length === 0) return value
  const listed = value['businesses']
  // what is written in place of a list is refused as it stands
  if (listed !== undefined && listed !== null && !Array.isArray(listed)) return value
  return { ...value, businesses: [...own, ...files.map((file) => file.parsed.value)] }
}

const sentenceIn = (file: ConfigText, fault: ConfigFault): string => {
  const name = fault.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  const found = fault.at_key || isHidden(fault.path) ? undefined : file.written(fault.path)
  const shown = found === undefined || found === null ? '' : `, found ${JSON.stringify(found).slice(0, 80)}`
  const where = name === '' ? '' : `${name.replace(/^\./, '')}: `
  return `${file.place(fault)}: ${where}${fault.message}${fault.message.startsWith('expected') ? shown : ''}`
}

/** Values that a message must not repeat. */
const isHidden = (path: readonly PropertyKey[]): boolean =>
  ['database', 'layer', 'notify'].includes(String(path[0])) || path.at(-1) === 'proxy_secret'

const inOrder = (faults: readonly string[], files: readonly SourceFile[]): string[] => {
  const places = new Map(
    faults.map((fault) => {
      const [, name = '', line, column] = /^(.+?):(\d+):(\d+): /.exec(fault) ?? []
      return [fault, [files.findIndex((file) => file.name === name), Number(line), Number(column)] as const]
    }),
  )
  return [...places].sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map(([fault]) => fault)
}
