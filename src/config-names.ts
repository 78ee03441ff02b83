/** What entries of tieout.yaml must not say together: ids, accounts and aliases taken twice, numbers that disagree. */

import type { ConfigFault } from './config-file.ts'

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

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Numbers that belong to a processor, whichever account states them. */
export const SHARED = [
  'settlement_lag_days',
  'coverage_hole_days',
  'date_window_days',
  'amount_tolerance',
  'fee_tolerance',
] as const

/** Faults between entries, found on what was written so that they are listed beside all others. */
export const namingFaults = (value: unknown, formats: readonly string[]): ConfigFault[] => {
  const faults: ConfigFault[] = []
  const businesses = new Set<string>()
  for (const business of businessesIn(value)) {
    const id = upperText(business.entry['id'])
    if (id !== '' && businesses.has(id)) {
      faults.push({
        path: [...business.path, 'id'],
        message: 'is the id of another business above: expected one entry each',
      })
    }
    businesses.add(id)
    faults.push(...processorFaults(entriesOf(business.entry['processors'], [...business.path, 'processors']), formats))
  }
  if (isRecord(value) && isRecord(value['layer'])) faults.push(...layerFaults(value['layer']))
  return faults
}

const processorFaults = (entries: readonly Found[], formats: readonly string[]): ConfigFault[] => {
  const faults: ConfigFault[] = []
  const names = new Set(entries.map(({ entry }) => upperText(entry['name'])))
  const accounts = new Set<string>()
  const aliases = new Map<string, string>()
  const numbers = new Map<string, unknown>()
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
    for (const key of SHARED) {
      const given = entry[key]
      const before = numbers.get(`${name}\0${key}`)
      if (given !== undefined && before !== undefined && String(given) !== String(before)) {
        const message = `is ${String(before)} for another account of ${name}: expected the same, it belongs to the processor`
        faults.push({ path: [...path, key], message })
      }
      if (given !== undefined) numbers.set(`${name}\0${key}`, given)
    }
    const format = entry['format']
    if (typeof format === 'string' && format !== 'auto' && !formats.includes(format)) {
      faults.push({
        path: [...path, 'format'],
        message: `expected auto, a mapping of columns, or one of ${formats.join(', ')}`,
      })
    }
  }
  return faults
}

const layerFaults = (layer: Record<string, unknown>): ConfigFault[] => {
  const given = (key: string): boolean => typeof layer[key] === 'string' && layer[key] !== ''
  if (given('token') && (given('client_id') || given('client_secret'))) {
    return [{ path: ['layer', 'token'], message: 'expected either a token, or client_id and client_secret, not both' }]
  }
  if (given('client_id') !== given('client_secret')) {
    const missing = given('client_id') ? 'client_secret' : 'client_id'
    return [{ path: ['layer', missing], message: `is missing: client_id and client_secret belong together` }]
  }
  return []
}

const upperText = (value: unknown): string => (typeof value === 'string' ? value.trim().toUpperCase() : '')

const aliasesOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map(upperText).filter((alias) => alias !== '')
