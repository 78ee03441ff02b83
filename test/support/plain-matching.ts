/**
 * The matching rules of spec section 4 once more, item by item and in order, as a person with two lists on the desk would
 * work: slow, without sets and without SQL. The property test holds the statements of sql/match/ against it.
 */

export interface PlainLeg {
  id: string
  direction: 'customer' | 'vendor'
  processor: string
  date: string
  amount: number
  identity: string[]
  references: string[]
}

export interface PlainRow {
  id: string
  type: 'refund' | 'vendor_refund' | 'refund_reversal'
  processor: string
  date: string
  amount: number
  currency: string
  refund_id: string | null
  payment_ids: string[]
  references: string[]
}

export interface PlainWorld {
  currency: string
  window: number
  /** per processor with files: the shape of its refund ids */
  shapes: Map<string, RegExp>
  legs: PlainLeg[]
  rows: PlainRow[]
}

export interface PlainMatch {
  pass: string
  legs: string[]
  rows: string[]
}

export interface PlainResult {
  matches: PlainMatch[]
  duplicates: string[]
  ambiguous: { legs: string[]; rows: string[] }[]
}

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const inOrder = <T extends { date: string; id: string }>(items: Iterable<T>): T[] =>
  [...items].sort((a, b) => before(a.date, b.date) || before(a.id, b.id))
const sum = (items: Iterable<{ amount: number }>): number => [...items].reduce((all, item) => all + item.amount, 0)
const days = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000

export function matchPlainly(world: PlainWorld): PlainResult {
  const result: PlainResult = { matches: [], duplicates: [], ambiguous: [] }
  const reversals = inOrder(world.rows.filter((row) => row.type === 'refund_reversal'))
  const refunds = inOrder(world.rows.filter((row) => row.type !== 'refund_reversal'))
  const reversalsOf = tieReversals(refunds, reversals)
  const undone = new Set(refunds.filter((row) => isUndone(unitOf(row, refunds), reversalsOf)))

  for (const direction of ['customer', 'vendor'] as const) {
    const legs = new Set(inOrder(world.legs.filter((leg) => leg.direction === direction)))
    const rows = new Set(refunds.filter((row) => (row.type === 'vendor_refund') === (direction === 'vendor')))
    const own = [...rows]
    const take = (pass: string, taken: Iterable<PlainLeg>, with_rows: Iterable<PlainRow>): void => {
      const match: PlainMatch = { pass, legs: [], rows: [] }
      for (const leg of taken) {
        legs.delete(leg)
        match.legs.push(leg.id)
      }
      for (const row of with_rows) {
        rows.delete(row)
        match.rows.push(row.id, ...(reversalsOf.get(row) ?? []).map(({ id }) => id))
      }
      result.matches.push(match)
    }
    matchRefundIds(world, legs, rows, take, result)
    for (const without_undone of [true, false]) {
      for (const processor of new Set(own.map((row) => row.processor))) {
        passes2to5(world, processor, legs, rows, without_undone ? undone : new Set(), take, (some_legs, some_rows) => {
          for (const leg of some_legs) legs.delete(leg)
          for (const row of some_rows) rows.delete(row)
          const listed = some_rows.flatMap((row) => [row.id, ...(reversalsOf.get(row) ?? []).map(({ id }) => id)])
          result.ambiguous.push({ legs: some_legs.map(({ id }) => id), rows: listed })
        })
      }
    }
    for (const row of [...rows]) {
      if (!rows.has(row)) continue
      const left = unitOf(row, [...rows])
      if (isUndone(left, reversalsOf)) take('cancelled', [], left)
    }
  }
  return result
}

const unitOf = (row: PlainRow, rows: readonly PlainRow[]): PlainRow[] =>
  row.refund_id === null
    ? [row]
    : rows.filter(
        (other) => other.processor === row.processor && other.refund_id === row.refund_id && other.type === row.type,
      )

function isUndone(unit: readonly PlainRow[], reversalsOf: ReadonlyMap<PlainRow, PlainRow[]>): boolean {
  const reversals = unit.flatMap((row) => reversalsOf.get(row) ?? [])
  const all = [...unit, ...reversals]
  return reversals.length > 0 && new Set(all.map((row) => row.currency)).size === 1 && sum(all) === 0
}

function tieReversals(refunds: readonly PlainRow[], reversals: readonly PlainRow[]): Map<PlainRow, PlainRow[]> {
  const tied = new Map<PlainRow, PlainRow[]>()
  const tie = (refund: PlainRow | undefined, reversal: PlainRow): void => {
    if (refund !== undefined) tied.set(refund, [...(tied.get(refund) ?? []), reversal])
  }
  for (const reversal of reversals.filter((row) => row.refund_id !== null)) {
    const same = refunds.filter((row) => row.processor === reversal.processor && row.refund_id === reversal.refund_id)
    tie(same.find((row) => row.amount === -reversal.amount && !tied.has(row)) ?? same[0], reversal)
  }
  for (const reversal of reversals.filter((row) => row.refund_id === null)) {
    const fitting = refunds.find(
      (row) =>
        row.processor === reversal.processor &&
        row.currency === reversal.currency &&
        row.amount === -reversal.amount &&
        row.date <= reversal.date &&
        !tied.has(row) &&
        row.payment_ids.some((id) => reversal.payment_ids.includes(id)),
    )
    tie(fitting, reversal)
  }
  return tied
}

type Take = (pass: string, legs: Iterable<PlainLeg>, rows: Iterable<PlainRow>) => void

function matchRefundIds(
  world: PlainWorld,
  legs: Set<PlainLeg>,
  rows: Set<PlainRow>,
  take: Take,
  result: PlainResult,
): void {
  const taken: PlainRow[] = []
  const takeFirst = (leg: PlainLeg, processors: readonly string[]): void => {
    for (const key of leg.identity) {
      for (const field of ['refund_id', 'id'] as const) {
        for (const processor of processors) {
          const found = [...rows].filter((row) => row.processor === processor && row[field] === key)
          if (found.length === 0) continue
          taken.push(...found)
          take('refund_id', [leg], found)
          return
        }
      }
    }
  }
  for (const leg of [...legs]) takeFirst(leg, [leg.processor])
  const names = [...new Set(world.rows.map((row) => row.processor))].sort(before)
  for (const leg of [...legs])
    takeFirst(
      leg,
      names.filter((name) => name !== leg.processor),
    )
  for (const leg of [...legs]) {
    const anywhere = !world.shapes.has(leg.processor)
    const known = taken.some(
      (row) =>
        (anywhere || row.processor === leg.processor) &&
        leg.identity.some((key) => key === row.refund_id || key === row.id),
    )
    if (!known) continue
    legs.delete(leg)
    result.duplicates.push(leg.id)
  }
}

function passes2to5(
  world: PlainWorld,
  processor: string,
  allLegs: ReadonlySet<PlainLeg>,
  allRows: ReadonlySet<PlainRow>,
  excluded: ReadonlySet<PlainRow>,
  take: Take,
  cannotTell: (legs: PlainLeg[], rows: PlainRow[]) => void,
): void {
  const legs = (): PlainLeg[] => [...allLegs].filter((leg) => leg.processor === processor)
  const rows = (): PlainRow[] =>
    [...allRows].filter((row) => row.processor === processor && row.currency === world.currency && !excluded.has(row))
  const keysOf = (row: PlainRow): string[] => [...row.payment_ids, ...row.references]
  const shape = world.shapes.get(processor)
  const vetoed = (leg: PlainLeg, row: PlainRow): boolean => {
    const shaped = leg.identity.filter((key) => shape?.test(key) ?? false)
    return shaped.length > 0 && row.refund_id !== null && !shaped.includes(row.refund_id)
  }
  const setAside = (some_legs: PlainLeg[], some_rows: PlainRow[]): [PlainLeg[], PlainRow[]] => {
    const kept_legs = some_legs.filter((leg) => some_rows.length === 0 || !some_rows.every((row) => vetoed(leg, row)))
    const kept_rows = some_rows.filter((row) => kept_legs.length === 0 || !kept_legs.every((leg) => vetoed(leg, row)))
    const still = kept_legs.length === some_legs.length && kept_rows.length === some_rows.length
    return still ? [kept_legs, kept_rows] : setAside(kept_legs, kept_rows)
  }
  const anyVeto = (some_legs: PlainLeg[], some_rows: PlainRow[]): boolean =>
    some_legs.some((leg) => some_rows.some((row) => vetoed(leg, row)))

  for (const keys of [(row: PlainRow) => row.payment_ids, keysOf]) {
    for (const leg of legs()) {
      const row = rows().find(
        (one) =>
          one.amount === leg.amount && !vetoed(leg, one) && keys(one).some((key) => leg.references.includes(key)),
      )
      if (row !== undefined) take('payment_reference', [leg], [row])
    }
  }

  for (const pass of ['payment_group', 'payment_reference_only']) {
    const payments = new Set(rows().flatMap((row) => row.payment_ids))
    const everyKey = [...new Set([...rows().flatMap(keysOf), ...legs().flatMap((leg) => leg.references)])].sort(before)
    for (const key of [
      ...everyKey.filter((one) => payments.has(one)),
      ...everyKey.filter((one) => !payments.has(one)),
    ]) {
      const [some_legs, some_rows] = setAside(
        legs().filter((leg) => leg.references.includes(key)),
        rows().filter((row) => keysOf(row).includes(key)),
      )
      if (some_legs.length === 0 || some_rows.length === 0 || anyVeto(some_legs, some_rows)) continue
      const equal = sum(some_legs) === sum(some_rows)
      if (pass === 'payment_group' ? equal : some_legs.length === 1 && some_rows.length === 1 && !equal) {
        take(pass, some_legs, some_rows)
      }
    }
  }

  const settle = (items: { date: string; leg?: PlainLeg; row?: PlainRow }[]): void => {
    const islands: (typeof items)[] = []
    for (const item of [...items].sort((a, b) => before(a.date, b.date))) {
      const last = islands.at(-1)
      const neighbour = last?.at(-1)
      if (last !== undefined && neighbour !== undefined && days(item.date) - days(neighbour.date) <= world.window)
        last.push(item)
      else islands.push([item])
    }
    for (const island of islands) {
      const island_legs = island.flatMap(({ leg }) => leg ?? [])
      const island_rows = island.flatMap(({ row }) => row ?? [])
      if (island_legs.length === 0 || island_rows.length === 0) continue
      const [some_legs, some_rows] = setAside(island_legs, island_rows)
      if (some_legs.length + some_rows.length < island.length) {
        settle([
          ...some_legs.map((leg) => ({ date: leg.date, leg })),
          ...some_rows.map((row) => ({ date: row.date, row })),
        ])
      } else if (some_legs.length === some_rows.length && !anyVeto(some_legs, some_rows)) {
        take('amount_and_date', some_legs, some_rows)
      } else cannotTell(some_legs, some_rows)
    }
  }
  for (const amount of new Set(legs().map((leg) => leg.amount))) {
    settle([
      ...legs()
        .filter((leg) => leg.amount === amount)
        .map((leg) => ({ date: leg.date, leg })),
      ...rows()
        .filter((row) => row.amount === amount)
        .map((row) => ({ date: row.date, row })),
    ])
  }
}
