/** What the keys of tieout.yaml must not say together: ids, accounts and names taken twice, settings that disagree. */

import { closest, didYouMean } from '../core/similar.ts'
import type { ConfigFault } from './file.ts'
import { mappingFaults } from './mapping.ts'
import { processorShape } from './shape.ts'
import { isRecord } from './values.ts'

/** An entry of the file and its path, whatever it holds. */
export interface Found {
  entry: Record<string, unknown>
  path: PropertyKey[]
}

const entriesOf = (value: unknown, path: readonly PropertyKey[]): Found[] =>
  Array.isArray(value)
    ? value.flatMap((entry, index) => (isRecord(entry) ? [{ entry, path: [...path, index] }] : []))
    : []

const businessesIn = (value: unknown): Found[] =>
  entriesOf(isRecord(value) ? value['businesses'] : null, ['businesses'])

export const processorsIn = (value: unknown): Found[] =>
  businessesIn(value).flatMap(({ entry, path }) => entriesOf(entry['processors'], [...path, 'processors']))

/** Settings of a processor, in which the entries of its accounts must agree. */
const OF_THE_PROCESSOR = [
  'aliases',
  'settlement_lag_days',
  'date_window_days',
  'usual_lag_days',
  'match_payouts',
  'amount_tolerance',
  'fee_tolerance',
  'fees',
  'date_order',
] as const

/**
 * Faults between keys, found on what was written so that they are listed beside all others.
 * `fileOf` names the file that the value at a path comes from.
 */
export const namingFaults = (
  value: unknown,
  formats: readonly string[],
  fileOf: (path: readonly PropertyKey[]) => string,
): ConfigFault[] => {
  if (!isRecord(value)) return []
  const faults: ConfigFault[] = []
  const files = new Map<string, string>()
  for (const { entry, path } of businessesIn(value)) {
    const id = upperText(entry['id'])
    const file = fileOf(path)
    const other = files.get(id)
    if (id !== '' && other !== undefined) {
      const place = other === file ? 'of another business above' : `of the business in ${other} too`
      faults.push({ path: [...path, 'id'], message: `is the id ${place}: expected one entry each` })
    }
    if (other === undefined) files.set(id, file)
    const processors = entriesOf(entry['processors'], [...path, 'processors'])
    faults.push(...processorFaults(processors), ...processors.flatMap((found) => entryFaults(found, formats)))
  }
  if (isRecord(value['layer'])) faults.push(...layerFaults(value['layer']))
  if (isRecord(value['desk'])) faults.push(...deskFaults(value['desk']))
  return [...faults, ...peopleFaults(entriesOf(value['people'], ['people']))]
}

/** Faults between the entries of one business. */
const processorFaults = (entries: readonly Found[]): ConfigFault[] => {
  const faults: ConfigFault[] = []
  const names = new Set(entries.map(({ entry }) => upperText(entry['name'])))
  const accounts = new Set<string>()
  const aliases = new Map<string, string>()
  const first = new Map<string, Found>()
  for (const { entry, path } of entries) {
    const name = upperText(entry['name'])
    const account = `${name}\0${String(entry['account'] ?? '').trim()}`
    if (accounts.has(account)) {
      faults.push({
        path: [...path, 'name'],
        message: `${name} is configured above with the same account: expected another account`,
      })
    }
    accounts.add(account)
    for (const alias of aliasesOf(entry['aliases'])) {
      const other = names.has(alias) && alias !== name ? alias : aliases.get(alias)
      if (other !== undefined && other !== name) {
        faults.push({
          path: [...path, 'aliases'],
          message: `${alias} is ${other === alias ? 'a processor itself' : `an alias of ${other}`}: expected a name that is not taken`,
        })
      }
      aliases.set(alias, name)
    }
    const before = first.get(name)
    if (before) faults.push(...disagreements(before.entry, { entry, path }))
    else first.set(name, { entry, path })
  }
  return faults
}

/** Settings in which an entry differs from the first entry of its processor; one left out counts as its default. */
const disagreements = (before: Record<string, unknown>, { entry, path }: Found): ConfigFault[] =>
  OF_THE_PROCESSOR.flatMap((key) => {
    const [there, here] = [settingOf(key, before[key]), settingOf(key, entry[key])]
    if (there === null || here === null || there === here) return []
    const account = `another account of ${upperText(entry['name'])}`
    const said = isGiven(before[key])
      ? `is ${there} for ${account}`
      : `is left out for ${account}, which means ${there}`
    const expected = isGiven(entry[key]) ? 'expected the same' : `expected the same; left out it means ${here}`
    return [{ path: [...path, key], message: `${said}: ${expected}` }]
  })

/** A setting as it counts, as text; null where it is refused for what it is. */
const settingOf = (key: (typeof OF_THE_PROCESSOR)[number], written: unknown): string | null => {
  const { data, success } = processorShape.shape[key].safeParse(written, { jitless: true })
  if (!success) return null
  if (!Array.isArray(data)) return data === null ? 'none' : String(data)
  if (data.length === 0) return 'none'
  return key === 'aliases' ? data.toSorted().join(', ') : JSON.stringify(data)
}

const isGiven = (written: unknown): boolean => written !== undefined && written !== null

/** Faults between the keys of one entry. */
const entryFaults = ({ entry, path }: Found, formats: readonly string[]): ConfigFault[] => {
  const faults = feeFaults(entriesOf(entry['fees'], [...path, 'fees']))
  const { format } = entry
  if (typeof format === 'string' && format !== 'auto' && !formats.includes(format)) {
    const meant = didYouMean(closest(format, ['auto', ...formats]))
    const expected = `auto, a mapping of columns, or one of ${formats.join(', ')}`
    const message =
      meant === null ? `expected ${expected}` : `is ${JSON.stringify(format)}: ${meant} Expected ${expected}`
    faults.push({ path: [...path, 'format'], message })
  }
  if (isRecord(format)) faults.push(...mappingFaults(format, [...path, 'format']))
  const [first_day, last_day] = [dayOf(entry['first_day']), dayOf(entry['last_day'])]
  if (first_day !== null && last_day !== null && last_day < first_day) {
    faults.push({ path: [...path, 'last_day'], message: `expected a date that is not before first_day ${first_day}` })
  }
  return faults
}

const feeFaults = (policies: readonly Found[]): ConfigFault[] => {
  const months = new Set<string>()
  return policies.flatMap(({ entry, path }) => {
    const from = dayOf(entry['from'])
    const faults: ConfigFault[] = []
    if (from !== null && months.has(from)) {
      faults.push({ path: [...path, 'from'], message: `${from} has a policy above: expected one policy each` })
    }
    if (from !== null) months.add(from)
    if (isGiven(entry['categories']) && entry['tie'] !== 'month') {
      const message = 'categories belong to tie: month: expected none'
      faults.push({ path: [...path, 'categories'], message, at_key: true })
    }
    return faults
  })
}

const layerFaults = (layer: Record<string, unknown>): ConfigFault[] => {
  if (hasText(layer, 'token') && (hasText(layer, 'client_id') || hasText(layer, 'client_secret'))) {
    return [{ path: ['layer', 'token'], message: 'expected either a token, or client_id and client_secret, not both' }]
  }
  return missingHalf(layer, 'layer', 'client_id', 'client_secret')
}

/** A header that anybody could send proves nothing: the proxy that sets it must say its secret, or a Unix socket guard it. */
const deskFaults = (desk: Record<string, unknown>): ConfigFault[] =>
  String(desk['listen']).includes('/') && hasText(desk, 'trusted_user_header')
    ? []
    : missingHalf(desk, 'desk', 'trusted_user_header', 'proxy_secret')

const missingHalf = (keys: Record<string, unknown>, name: string, one: string, other: string): ConfigFault[] => {
  if (hasText(keys, one) === hasText(keys, other)) return []
  const missing = hasText(keys, one) ? other : one
  return [{ path: [name, missing], message: `is missing: ${one} and ${other} belong together` }]
}

const peopleFaults = (people: readonly Found[]): ConfigFault[] => {
  const names = new Set<string>()
  return people.flatMap(({ entry, path }) => {
    const name = upperText(entry['name'])
    const isTaken = name !== '' && names.has(name)
    names.add(name)
    return isTaken ? [{ path: [...path, 'name'], message: 'is named above: expected one entry each' }] : []
  })
}

const hasText = (keys: Record<string, unknown>, key: string): boolean =>
  typeof keys[key] === 'string' && keys[key] !== ''

const upperText = (value: unknown): string => (typeof value === 'string' ? value.trim().toUpperCase() : '')

const dayOf = (value: unknown): string | null => {
  const { data } = processorShape.shape.first_day.safeParse(value, { jitless: true })
  return data ?? null
}

const aliasesOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map(upperText).filter((alias) => alias !== '')
