/** Which files go to which processor: those named by a person, or all in the inboxes. */

import { resolve } from 'node:path'
import { onlyBusiness } from '../config/business-choice.ts'
import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { isDate } from '../core/instant.ts'
import { closest, didYouMean } from '../core/similar.ts'
import { FORMAT_NAMES } from '../processor/formats/format-names.ts'
import { inboxFiles } from '../processor/import-files.ts'
import { isMatch } from '../processor/inbox.ts'

/** The flags of `tieout import`. */
export interface ImportFlags {
  /** a processor's name or alias, with an account as PROCESSOR/ACCOUNT */
  processor?: string
  format?: string
  covers?: string
  strict?: boolean
  preview?: boolean
  /** with `preview`: for people */
  table?: boolean
  again?: boolean
}

export interface Import {
  processor: ProcessorConfig
  paths: string[]
}

/**
 * The files of each processor account of a business, in the order of the configuration. A file named without a
 * processor belongs to the one whose inbox it lies in, or to the only one there is.
 * @throws UsageFault where that does not tell
 */
export const chooseImports = async (
  business: BusinessConfig,
  files: readonly string[],
  named: string | undefined,
): Promise<Import[]> => {
  const among = named === undefined ? business.processors : [processorNamed(business, named)]
  if (files.length === 0) {
    const imports: Import[] = []
    for (const processor of among) imports.push({ processor, paths: await inboxFiles(processor) })
    return imports
  }
  return files.reduce<Import[]>((chosen, file) => {
    const path = resolve(file)
    const owners = among.filter((entry) => entry.inbox.some((pattern) => isMatch(path, pattern)))
    const candidates = owners.length === 1 ? owners : among
    const [only] = candidates
    if (!only || candidates.length !== 1) {
      throw new UsageFault(
        `${file}: whose file is it? Say so with --processor; there are ${namesOf(business.processors)}`,
      )
    }
    const before = chosen.find((entry) => entry.processor === only)
    if (before) before.paths.push(path)
    else chosen.push({ processor: only, paths: [path] })
    return chosen
  }, [])
}

/**
 * Refuses, before anything is imported, files of which nobody can tell whose they are, and a processor that no business has.
 * @throws UsageFault
 */
export const refuseUnknown = async (
  businesses: readonly BusinessConfig[],
  files: readonly string[],
  named: string | undefined,
): Promise<void> => {
  if (files.length > 0) {
    await chooseImports(onlyBusiness({ businesses }), files, named)
    return
  }
  const [first, ...others] = businesses
  if (first === undefined || named === undefined) return
  const isKnown = (business: BusinessConfig): boolean => processorsNamed(business, named).length === 1
  if (!others.some(isKnown)) processorNamed(first, named)
}

/** The accounts that a name, an alias or NAME/ACCOUNT may mean. */
const processorsNamed = (business: BusinessConfig, named: string): ProcessorConfig[] => {
  const [given = '', account] = named.split('/').map((part) => part.trim())
  const wanted = given.toUpperCase()
  const name = business.processors.find((entry) => entry.aliases.includes(wanted))?.name ?? wanted
  return business.processors.filter(
    (entry) => entry.name === name && (account === undefined || entry.account === account),
  )
}

const processorNamed = (business: BusinessConfig, named: string): ProcessorConfig => {
  const found = processorsNamed(business, named)
  const [only] = found
  if (found.length === 1 && only) return only
  const problem = found.length === 0 ? 'is not configured' : 'has several accounts'
  const known = business.processors.flatMap(({ name, aliases }) => [name, ...aliases])
  throw new UsageFault(
    `--processor ${named} ${problem} for ${business.name}; there are ${namesOf(business.processors)}`,
    { hint: found.length === 0 ? didYouMean(closest(named.split('/', 1)[0] ?? '', known)) : null },
  )
}

const namesOf = (processors: readonly ProcessorConfig[]): string =>
  processors.map(({ name, account }) => (account === '' ? name : `${name}/${account}`)).join(', ')

/** The format that --format names; null: none is named. */
export const formatOf = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const name = text.trim().toLowerCase()
  if (name === 'auto' || FORMAT_NAMES.includes(name)) return name
  throw new UsageFault(`--format ${text}: expected auto, ${FORMAT_NAMES.join(', ')}`, {
    hint: didYouMean(closest(text, ['auto', ...FORMAT_NAMES])),
  })
}

/** '2026-10-01..2026-10-31' as dates. */
export const coversOf = (text: string | undefined): { from: string; to: string } | null =>
  text === undefined ? null : datesOf('--covers', text)

/** Two dates that are given as `what`. Throws UsageFault where they are none. */
export const datesOf = (what: string, text: string): { from: string; to: string } => {
  const [from = '', to = '', ...rest] = text.split('..')
  if (rest.length > 0 || !isDate(from) || !isDate(to) || from > to) {
    throw new UsageFault(`${what} ${text}: expected two dates such as 2026-10-01..2026-10-31`)
  }
  return { from, to }
}
