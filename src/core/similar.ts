/** "Did you mean": the known word that a mistyped one is close to. For commands and flags, commander has its own. */

/** Fewer letters than this begin too many words. */
const SHORTEST_PART = 3

/** The edits that count as one mistyping or two: more in longer words. */
const editsAllowed = (word: string, known: string): number =>
  Math.min(3, Math.ceil(Math.max(word.length, known.length) / 4))

/** The known word closest to `word`, upper and lower case alike: by few edits, or the only one that contains it. Else null. */
export const closest = (word: string, known: readonly string[]): string | null => {
  const wanted = word.trim().toLowerCase()
  let best: { word: string; edits: number } | null = null
  for (const each of known) {
    const edits = editsBetween(wanted, each.toLowerCase())
    if (edits <= editsAllowed(wanted, each) && edits < (best?.edits ?? Number.POSITIVE_INFINITY))
      best = { word: each, edits }
  }
  if (best !== null) return best.word
  const [only, ...others] = known.filter((each) => each.toLowerCase().includes(wanted))
  return wanted.length >= SHORTEST_PART && only !== undefined && others.length === 0 ? only : null
}

/** 'did you mean stripe-itemized?'; null where nothing is close. */
export const didYouMean = (meant: string | null): string | null => (meant === null ? null : `did you mean ${meant}?`)

/** Letters added, removed, replaced or swapped with their neighbour. */
const editsBetween = (a: string, b: string): number => {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? (beforeLast[j - 2] ?? 0) + 1 : replaced
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped))
    }
    ;[beforeLast, last] = [last, row]
  }
  return last[b.length] ?? 0
}
