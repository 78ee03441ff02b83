/** Ids that may be one id, mistyped: in another case, or with one character replaced, added or left out. Pure. */

interface Identified {
  identity_keys: readonly string[]
  amount: bigint
}

/** Both halves of an id in lower case: of two ids that differ in one character one half is the same. */
export const halvesOf = (id: string): string[] => {
  const text = id.toLowerCase()
  if (text.length < 6) return []
  const half = Math.floor(text.length / 2)
  return [`^${text.slice(0, half)}`, `$${text.slice(-half)}`]
}

/** The first ids of the two that may be one, and how they differ; null: none. */
export const similarPair = (
  item: Identified,
  other: Identified,
): { own: string; other: string; differs: string } | null => {
  for (const own of item.identity_keys) {
    for (const theirs of other.identity_keys) {
      if (own === theirs) continue
      if (own.toLowerCase() === theirs.toLowerCase())
        return { own, other: theirs, differs: 'in upper and lower case different' }
      if (isOneOff(own, theirs) && (item.amount === other.amount || !(isSerial(own) && isSerial(theirs))))
        return { own, other: theirs, differs: 'one character different' }
    }
  }
  return null
}

/** A prefix and a number, as RF000004: its neighbours differ in one digit and say nothing unless the amount is the same. */
const isSerial = (id: string): boolean => /^\D*\d+$/.test(id)

/** Whether one character replaced, added or left out makes one of the other. */
export const isOneOff = (one: string, other: string): boolean => {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length < 6 || long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at)
  return rest === long.slice(at + 1)
}
