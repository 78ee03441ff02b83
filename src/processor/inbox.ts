/** The files of an inbox: patterns with *, ** and ? (Node 20 has no glob of its own). */

import { readdir, stat } from 'node:fs/promises'
import { join, parse, sep } from 'node:path'
import { FileFault } from '../errors.ts'

/**
 * The files that match any of the absolute patterns, each once, by path (code unit order). `*` and `?` match within a
 * name, `**` any folders; names that begin with a dot match only where the pattern's does. A folder that is not there
 * has no files.
 * @throws FileFault where a folder cannot be read
 */
export const filesMatching = async (patterns: readonly string[]): Promise<string[]> => {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const { root, parts } = partsOf(pattern)
    for await (const path of walk(root, parts)) found.add(path)
  }
  return [...found].sort(byCodeUnit)
}

/** Whether a path is one that a pattern would find. */
export const isMatch = (path: string, pattern: string): boolean => matches(partsOf(path).parts, partsOf(pattern).parts)

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const partsOf = (path: string): { root: string; parts: string[] } => {
  const { root } = parse(path)
  const rest = path.slice(root.length)
  return { root: root || '.', parts: (sep === '/' ? rest : rest.replaceAll(sep, '/')).split('/').filter(Boolean) }
}

async function* walk(folder: string, [part, ...rest]: readonly string[]): AsyncGenerator<string> {
  if (part === undefined) return
  if (!/[*?]/.test(part)) {
    const path = join(folder, part)
    if (rest.length > 0) yield* walk(path, rest)
    else if (await isFile(path)) yield path
    return
  }
  if (part === '**') yield* walk(folder, rest.length === 0 ? ['*'] : rest)
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry)
    if (part === '**') {
      if (!entry.startsWith('.') && (await isFolder(path))) yield* walk(path, [part, ...rest])
    } else if (nameMatches(entry, part)) {
      if (rest.length > 0) yield* walk(path, rest)
      else if (await isFile(path)) yield path
    }
  }
}

const entriesOf = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).sort(byCodeUnit)
  } catch (cause) {
    if (isMissing(cause)) return []
    throw new FileFault(`the inbox folder ${folder} cannot be read: ${String(cause)}`, { cause })
  }
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() === true
const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true

const nameMatches = (name: string, pattern: string): boolean => {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`, 'su').test(name)
}

const matches = (names: readonly string[], parts: readonly string[]): boolean => {
  const [part, ...rest] = parts
  if (part === undefined) return names.length === 0
  const [name, ...others] = names
  if (part === '**') {
    if (matches(names, rest.length === 0 ? ['*'] : rest)) return true
    return name !== undefined && !name.startsWith('.') && matches(others, parts)
  }
  return name !== undefined && nameMatches(name, part) && matches(others, rest)
}
