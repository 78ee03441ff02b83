/** A binary heap: the smallest item by `compare` is on top. */
export class Heap<T> {
  readonly #items: T[]
  readonly #compare: (a: T, b: T) => number

  constructor(items: T[], compare: (a: T, b: T) => number) {
    this.#items = items
    this.#compare = compare
    for (let place = (items.length >> 1) - 1; place >= 0; place -= 1) this.#sink(place)
  }

  top(): T | undefined {
    return this.#items[0]
  }

  /** Puts another item in the place of the top one. */
  replaceTop(item: T): void {
    this.#items[0] = item
    this.#sink(0)
  }

  removeTop(): void {
    const last = this.#items.pop()
    if (last !== undefined && this.#items.length > 0) this.replaceTop(last)
  }

  #sink(start: number): void {
    const items = this.#items
    const item = items[start]
    if (item === undefined) return
    let place = start
    for (;;) {
      let child = 2 * place + 1
      let smaller = items[child]
      if (smaller === undefined) break
      const other = items[child + 1]
      if (other !== undefined && this.#compare(other, smaller) < 0) {
        child += 1
        smaller = other
      }
      if (this.#compare(item, smaller) <= 0) break
      items[place] = smaller
      place = child
    }
    items[place] = item
  }
}
