/** Ids and keys as they are held, compared and sorted (spec section 2); reports show them as written. */

/** A key without one leading '#' and the blanks around what is left. An empty result is no key. */
export const heldKey = (written: string): string => {
  const trimmed = written.trim()
  return trimmed.startsWith('#') ? trimmed.slice(1).trim() : trimmed
}

/** Keys as they are held: each once, none empty, in the order given. */
export const heldKeys = (written: readonly string[]): string[] => {
  const kept: string[] = []
  for (const key of written) {
    const held = heldKey(key)
    if (held !== '' && !kept.includes(held)) kept.push(held)
  }
  return kept
}
