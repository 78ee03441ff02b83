/** What several formats of a report read: short lists and single values, read once for all of them. */

/** A longer list is read anew each time. */
export const SHORT = 500

/** Lines kept at once, of all lists together: those kept longest go first. */
const KEPT = 20_000

export class Kept {
  private readonly values = new Map<string, { value: unknown; lines: number }>()
  private lines = 0

  /** The list of this name: as it was kept, else as `read` gives it, kept where it is short and was read to its end. */
  async *list<T>(name: string, read: () => AsyncIterable<T>): AsyncGenerator<T> {
    const known = this.values.get(name)
    if (known !== undefined) return yield* known.value as readonly T[]
    const list: T[] = []
    for await (const line of read()) {
      if (list.length <= SHORT) list.push(line)
      yield line
    }
    if (list.length <= SHORT) this.keep(name, list, list.length)
  }

  /** The value of this name: as it was kept, else as `read` gives it. `size`: as many lines as it counts for. */
  async value<T>(name: string, read: () => Promise<T>, size: (value: T) => number = () => 0): Promise<T> {
    const known = this.values.get(name)
    if (known !== undefined) return known.value as T
    const value = await read()
    this.keep(name, value, size(value))
    return value
  }

  private keep(name: string, value: unknown, size: number): void {
    const lines = size + 1
    this.lines -= this.values.get(name)?.lines ?? 0
    this.values.set(name, { value, lines })
    this.lines += lines
    for (const [oldest, { lines }] of this.values) {
      if (this.lines <= KEPT) break
      this.values.delete(oldest)
      this.lines -= lines
    }
  }
}
