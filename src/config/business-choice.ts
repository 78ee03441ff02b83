/** Which businesses are meant: all, or those of --business, by id, by name or by a part of either. */

import { UsageFault } from '../core/errors.ts'
import { closest, didYouMean } from '../core/similar.ts'
import type { BusinessConfig, Config } from './config.ts'

/** A message names at most so many businesses. */
const NAMED_AT_MOST = 10

/**
 * The businesses named, in the order of the configuration; all where none is named.
 * @throws UsageFault where a name fits none of them, or more than one
 */
export const chooseBusinesses = (
  { businesses, path }: Pick<Config, 'businesses' | 'path'>,
  named: readonly string[],
): readonly BusinessConfig[] => {
  if (named.length === 0) return businesses
  const wanted = new Set(named.map((text) => businessNamed(businesses, text, path)))
  return businesses.filter((business) => wanted.has(business))
}

/** Id and name as they are compared. */
const keysOf = ({ id, name }: BusinessConfig): string[] => [id, name.trim().toLowerCase()]

const businessNamed = (businesses: readonly BusinessConfig[], text: string, path: string): BusinessConfig => {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') throw new UsageFault('--business: found nothing, expected the name or id of a business')
  const exact = businesses.filter((business) => keysOf(business).includes(wanted))
  const found =
    exact.length > 0 ? exact : businesses.filter((business) => keysOf(business).some((key) => key.includes(wanted)))
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  if (only !== undefined) {
    const more = exact.length > 0 ? 'name it by its id' : 'give more of its name or id'
    throw new UsageFault(`--business ${text}: fits ${found.length} businesses: ${listed(found)}`, { hint: more })
  }
  const hint = didYouMean(meantBy(text, businesses))
  throw new UsageFault(`--business ${text}: not in ${path}; there are ${listed(businesses)}`, { hint })
}

/** The business whose name, or a word of whose name, was mistyped; null: nobody can tell. */
const meantBy = (text: string, businesses: readonly BusinessConfig[]): string | null => {
  const names = businesses.map(({ name }) => name)
  const whole = closest(text, names)
  if (whole !== null) return whole
  const word = closest(text, names.flatMap(wordsOf))
  const [only, ...others] = names.filter((name) => word !== null && wordsOf(name).includes(word))
  return only !== undefined && others.length === 0 ? only : null
}

const wordsOf = (name: string): string[] => name.split(/\s+/)

/** The one business that is meant where files are named. */
export const onlyBusiness = ({ businesses }: { businesses: readonly BusinessConfig[] }): BusinessConfig => {
  const [only] = businesses
  if (only && businesses.length === 1) return only
  throw new UsageFault(`which business? Say so with --business; there are ${listed(businesses)}`)
}

const listed = (businesses: readonly BusinessConfig[]): string => {
  const more = businesses.length - NAMED_AT_MOST
  const names = businesses.slice(0, NAMED_AT_MOST).map(({ id, name }) => `${id} (${name})`)
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
