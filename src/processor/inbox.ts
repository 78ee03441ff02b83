/** The files of an inbox. */

import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import picomatch from 'picomatch'
import { escapePath, glob } from 'tinyglobby'
import { FileFault } from '../core/errors.ts'

/**
 * The files that match any of the absolute patterns, each once, by path (code unit order). `*` and `?` match within a
 * name, `**` any folders, in upper and lower case alike; names that begin with a dot match only where the pattern's
 * does. A folder that is not there has no files. What matches and is no file, a pipe or a device, is among them, and so
 * is a folder below whose name is no UTF-8: whoever reads one is told what is wrong with it.
 * @throws FileFault where a folder cannot be read
 */
export const filesMatching = async (patterns: readonly string[]): Promise<string[]> => {
  const found = new Set<string>()
  for (const pattern of patterns) for (const path of await filesOf(pattern)) found.add(path)
  return [...found].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/**
 * The files in the folders of an inbox's patterns that none of the configuration's patterns takes, by path: a report that was
 * saved as a workbook, or under another name. Not in the configuration's own folder, which has other files too. `every` gives
 * the configuration's patterns; it is asked only where a file is not taken by the inbox's own.
 * @throws FileFault where a folder cannot be read
 */
export const unclaimedFiles = async (
  patterns: readonly string[],
  every: () => readonly string[],
  own_folder: string,
): Promise<string[]> => {
  const found = new Set<string>()
  const isOwn = matcherOf(patterns)
  for (const { folder, names } of patterns.map(partsOf)) {
    if (folder === own_folder) continue
    const is_deep = names.includes('/')
    const entries = await entriesOf(folder)
    // as on most nights: then there is nothing to be looked for
    const all_own = !is_deep && entries.every(({ name }) => isOwn(join(folder, name)))
    if (entries.length === 0 || all_own) continue
    const among = is_deep ? '**' : '*'
    const files = await glob(among, { cwd: folder, absolute: true, expandDirectories: false })
    for (const file of files) if (!isOwn(file)) found.add(file)
  }
  const isTaken = found.size === 0 ? isOwn : matcherOf(every())
  return [...found].filter((file) => !isTaken(file)).sort((a, b) => (a < b ? -1 : 1))
}

/** Whether a path is one that a pattern would find. */
export const isMatch = (path: string, pattern: string): boolean => matcherOf([pattern])(path)

/** Whether a path is one that any of the patterns would find. */
const matcherOf = (patterns: readonly string[]): ((path: string) => boolean) => {
  const matchers = patterns.map((pattern) => {
    const { folder, names } = partsOf(pattern)
    const fits = picomatch(names, { nocase: true, posix: true })
    return (path: string) => fits(relative(folder, path).replaceAll(sep, '/'))
  })
  return (path) => matchers.some((fits) => fits(path))
}

const filesOf = async (pattern: string): Promise<string[]> => {
  const { folder, names } = partsOf(pattern)
  const entries = await entriesOf(folder)
  if (entries.length === 0) return []
  const files = await glob(names, { cwd: folder, absolute: true, caseSensitiveMatch: false, expandDirectories: false })
  return [...files, ...(await passedOver(folder, entries, pattern, names.includes('/')))]
}

/** What `glob` says nothing of: pipes, devices, sockets, links to nothing that match; folders that cannot be entered by name. */
const passedOver = async (
  folder: string,
  entries: readonly Dirent[],
  pattern: string,
  is_deep: boolean,
): Promise<string[]> => {
  const found: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isFile() || (entry.isSymbolicLink() && (await isThere(path)))) continue
    if (!entry.isDirectory()) {
      if (isMatch(path, pattern)) found.push(path)
    } else if (is_deep) {
      found.push(...((await isThere(path)) ? await passedOver(path, await entriesOf(path), pattern, is_deep) : [path]))
    }
  }
  return found
}

const isThere = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  )

/** The folders before the first wildcard, which are no pattern whatever characters they have; and the rest. */
const partsOf = (pattern: string): { folder: string; names: string } => {
  const parts = pattern.split(sep)
  const first = parts.findIndex((part) => /[*?]/.test(part))
  if (first === -1) return { folder: dirname(pattern), names: escapePath(basename(pattern)) }
  return { folder: parts.slice(0, first).join(sep) || sep, names: parts.slice(first).join('/') }
}

/** The folder that a pattern looks into. */
export const folderOf = (pattern: string): string => partsOf(pattern).folder

/** What lies in a folder; nothing where it is not there. */
const entriesOf = async (folder: string): Promise<Dirent[]> => {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return []
    return unreadableFolder(folder)(cause)
  }
}

const unreadableFolder =
  (folder: string) =>
  (cause: unknown): never => {
    throw new FileFault(`the inbox folder ${folder} cannot be read: ${String(cause)}`, { cause })
  }
