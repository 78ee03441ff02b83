/** A few containers that are filled in turn, each again when what was in it has been sent. */

export interface Ring<T> {
  /** the one that is being filled */
  now(): T
  /** Goes on to the next one, empty, once it has been sent; `sent`: when this one has. Throws what its sending threw. */
  next(sent: Promise<void>): Promise<void>
}

/** A ring of `most`, each made when it is needed first. */
export function openRing<T extends { clear(): void }>(make: () => T, most: number): Ring<T> {
  const sending: { one: T; sent: Promise<void> }[] = []
  let filling = make()
  return {
    now: () => filling,
    async next(sent) {
      sending.push({ one: filling, sent })
      const first = sending.length < most ? undefined : sending.shift()
      filling = first?.one ?? make()
      await first?.sent
      filling.clear()
    },
  }
}
