/**
 * Rows of a child query by their parent's key, in their order, the key left out of them:
 * byKey([{ file_id: 7n, name: 'x' }], 'file_id')(7n) is [{ name: 'x' }], and of any other key [].
 */
export const byKey = <K extends string, V, T extends Record<K, V>>(
  rows: readonly T[],
  key: K,
): ((value: T[K]) => Omit<T, K>[]) => {
  const lists = new Map<T[K], Omit<T, K>[]>()
  for (const row of rows) {
    const { [key]: value, ...rest } = row
    const list = lists.get(value)
    if (list) list.push(rest)
    else lists.set(value, [rest])
  }
  return (value) => lists.get(value) ?? []
}
