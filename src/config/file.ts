/** The text of tieout.yaml: its values with ${NAME} filled in from the environment, and the place of each of them. */

import { isAlias, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, Scalar, visit } from 'yaml'
import { isRecord } from './values.ts'

/** A fault of the configuration and where it stands. */
export interface ConfigFault {
  path: readonly PropertyKey[]
  message: string
  /** the fault is about the key itself */
  at_key?: boolean
}

/** A variable that the environment lacks, of a key that not every command needs. */
export interface Unset {
  /** 'layer.token', 'notify.email' */
  key: string
  /** 'tieout.yaml:14:10: layer.token: LAYER_TOKEN is not set in the environment' */
  says: string
}

export interface ConfigText {
  /** plain values, as YAML reads them, with the environment filled in */
  value: unknown
  /** what the syntax and the environment already make impossible, each with its place */
  faults: string[]
  /** secrets that the environment lacks: only the command that needs one asks for it */
  unset: Unset[]
  /** 'tieout.yaml:12:7' for a fault's path; the nearest thing that is there where it names a missing key */
  place(fault: ConfigFault): string
  /** the value as it is written in the file, before the environment was filled in */
  written(path: readonly PropertyKey[]): unknown
}

const NAME = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Values that may be left to an environment that lacks them: without, there is an embedded Postgres, or no pull, or no desk. */
const MAY_BE_EMPTY = new Set([
  'database.url',
  'layer.token',
  'layer.client_id',
  'layer.client_secret',
  'desk.proxy_secret',
])

/**
 * Parses the text. A value that names a variable the environment lacks is a fault, unless the value is only that
 * name and its key may be empty. `name` is the file's name as people know it.
 */
export const parseConfigText = (
  text: string,
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigText => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${Math.max(line, 1)}:${Math.max(col, 1)}`
  }
  const faults = document.errors.map((error) => `${at(error.pos[0])}: ${firstLine(error.message)}`)
  const unset: Unset[] = []
  const written = new Map<string, unknown>()

  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return
      const path = pathOf(ancestors)
      const before = node.value
      const missing: string[] = []
      const filled = before.replace(NAME, (_, variable: string) => {
        const value = environment[variable] ?? ''
        if (value === '') missing.push(variable)
        return value
      })
      const alone = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(before)
      for (const variable of missing) {
        const says = `${at(node.range?.[0] ?? 0)}: ${path.join('.')}: ${variable} is not set in the environment`
        if (path[0] === 'notify') unset.push({ key: path.slice(0, 2).join('.'), says })
        else if (alone && MAY_BE_EMPTY.has(path.join('.'))) unset.push({ key: path.join('.'), says })
        else faults.push(says)
      }
      if (filled !== before) written.set(path.join('\0'), before)
      node.value = filled
    },
  })

  const nodeAt = (path: readonly PropertyKey[]): { node: Node | null; key: Node | null } => {
    let node: unknown = document.contents
    let keyNode: Node | null = null
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(document)
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
        if (!pair) return { node: isNodeLike(node) ? node : null, key: keyNode }
        keyNode = isScalar(pair.key) ? pair.key : null
        node = pair.value ?? pair.key
      } else if (isSequence(node)) {
        const item = node.items[Number(step)]
        if (item === undefined) return { node, key: keyNode }
        node = item
        keyNode = null
      } else break
    }
    return { node: isNodeLike(node) ? node : null, key: keyNode }
  }

  return {
    value: document.errors.length > 0 ? null : withoutChannels(document.toJS(), unset),
    faults,
    unset,
    place: (fault) => {
      const { node, key } = nodeAt(fault.path)
      const target = fault.at_key ? (key ?? node) : node
      return at(target?.range?.[0] ?? 0)
    },
    written: (path) => {
      const before = written.get(path.join('\0'))
      if (before !== undefined) return before
      const { node } = nodeAt(path)
      return isScalar(node) ? node.value : undefined
    },
  }
}

/** A way to tell of a night for which a variable is missing is none: `nightly` says so, and other commands do not need it. */
const withoutChannels = (value: unknown, unset: readonly Unset[]): unknown => {
  const notify = isRecord(value) ? value['notify'] : null
  for (const { key } of unset) if (isRecord(notify)) delete notify[key.replace('notify.', '')]
  return value
}

const isNodeLike = (node: unknown): node is Node => typeof node === 'object' && node !== null && 'range' in node

const isSequence = (node: unknown): node is Node & { items: unknown[] } =>
  isNodeLike(node) && 'items' in node && Array.isArray(node.items) && !isMap(node)

/** The keys and positions that lead to a scalar. */
const pathOf = (ancestors: readonly unknown[]): PropertyKey[] => {
  const path: PropertyKey[] = []
  ancestors.forEach((ancestor, index) => {
    if (isPair(ancestor) && ancestor.key instanceof Scalar) path.push(String(ancestor.key.value))
    else if (isSequence(ancestor)) {
      const next = ancestors[index + 1]
      path.push(ancestor.items.indexOf(next))
    }
  })
  return path
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''
