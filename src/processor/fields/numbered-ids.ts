/** Ids for lines whose processor gives the same one to several. */

/** Makes the ids of one file: the second line with an id gets ':2' at its end, and so on, in the file's order. */
export const numberedIds = (): ((id: string) => string) => {
  const seen = new Map<string, number>()
  return (id) => {
    const ordinal = (seen.get(id) ?? 0) + 1
    seen.set(id, ordinal)
    return ordinal === 1 ? id : `${id}:${ordinal}`
  }
}
