/** What a report calls its lines. */

export interface LineKind<Kind> {
  type: Kind | 'other'
  /** as the processor spells it: part of ids, which must not depend on its case */
  word: string
}

/** Kinds of lines by their words, in upper and lower case alike; of every other word the type is `other`. */
export const lineKinds = <Kind extends string>(
  kinds: Readonly<Record<string, Kind>>,
): ((word: string) => LineKind<Kind>) => {
  const known = new Map(Object.entries(kinds).map(([word, type]) => [word.toLowerCase(), { type, word }]))
  return (word) => known.get(word.toLowerCase()) ?? { type: 'other', word }
}
