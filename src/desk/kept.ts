/** What is counted once and asked for again. */

/** Of more the oldest are forgotten. */
const MOST_KEPT = 500

/** What counts all findings, kept by what it was asked for. */
export class Kept<T> {
  readonly #kept = new Map<string, T>()

  get(key: string): T | undefined {
    return this.#kept.get(key)
  }

  set(key: string, value: T): void {
    this.#kept.set(key, value)
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest)
  }
}
