/** What the keys of a mapping (`format:` with columns) must not say together. */

import type { ConfigFault } from './file.ts'
import { isRecord } from './values.ts'

/** Faults between the keys of a mapping, found on what was written. */
export const mappingFaults = (mapping: Record<string, unknown>, path: readonly PropertyKey[]): ConfigFault[] => {
  const columns = isRecord(mapping['columns']) ? mapping['columns'] : null
  if (columns === null) return []
  const isNamed = (name: string): boolean => columns[name] !== undefined && columns[name] !== null
  const faults: ConfigFault[] = []
  const within = (name: string, message: string): number =>
    faults.push({ path: [...path, 'columns', name], message, at_key: isNamed(name) })

  if (isNamed('amount')) {
    for (const name of ['debit', 'credit'].filter(isNamed)) {
      within(name, 'expected either an amount column, or debit and credit columns, not both')
    }
  } else if (isNamed('debit') !== isNamed('credit')) {
    within(isNamed('debit') ? 'credit' : 'debit', 'is missing: debit and credit belong together')
  } else if (!isNamed('debit')) {
    within('amount', 'is missing: expected the name of the column that holds the amount, or debit and credit')
  }
  const { types } = mapping
  const hasWords = types !== undefined && types !== null && !(isRecord(types) && Object.keys(types).length === 0)
  if (isNamed('type') && !hasWords) {
    const message = 'is missing: expected the words of the type column that are refunds, such as {Refund: refund}'
    faults.push({ path: [...path, 'types'], message })
  }
  return faults
}
