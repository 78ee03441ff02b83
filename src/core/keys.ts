/** Ids and keys as they are held, compared and sorted (spec section 2); reports show them as written. */

/** A key without one leading '#' and the blanks around what is left. An empty result is no key. */
export const heldKey = (written: string): string => {
  const trimmed = written.trim()
  return trimmed.startsWith('#') ? trimmed.slice(1).trim() : trimmed
}
