/** JSON text of values with bigint amounts. */

/** What can be written; a bigint is written as a JSON integer of any size. */
export type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** JSON text of a value, keys in their order. JSON.stringify knows no bigint, and a float would lose cents above 2^53. */
export const jsonText = (value: Json): string => {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
    .join(',')}}`
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value)
