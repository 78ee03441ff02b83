/** Names of persons: never empty, compared trimmed and without case (spec section 7). */

import { UsageFault } from './errors.ts'

export const foldedName = (name: string): string => name.trim().normalize('NFC').toLowerCase()

export const samePerson = (one: string, other: string): boolean => foldedName(one) === foldedName(other)

/** The name of whoever decides, trimmed. Throws UsageFault where it is empty, or what events call a run. */
export const personName = (name: string): string => {
  const trimmed = name.trim()
  if (trimmed === '') throw new UsageFault('found no name: say with --by NAME who does this')
  if (foldedName(trimmed) === 'run')
    throw new UsageFault(`${trimmed} is what events call a run: say with --by NAME who does this`)
  return trimmed
}
