/** Lines of a file on their way by a stage: gathered in a temporary table, merged in chunks with what is known. */

import { bulkInsert } from '../database/bulk.ts'
import type { Db } from '../database/connect.ts'
import { count, run, statement } from '../database/statement.ts'
import { minorDigits } from '../money.ts'
import type { Brought } from './brought.ts'
import { type IdRange, type Owner, ROW_COLUMNS, type RowBatch } from './row-batch.ts'

/** What became of staged lines. */
export interface MergedLines {
  lines: bigint
  accepted: bigint
  known: bigint
  /** known rows to which these lines added something: a payout, a date of availability, a key, a presented amount */
  updated: bigint
  conflicts: bigint
  brought: Brought[]
}

export interface StagedLines {
  put(rows: RowBatch): Promise<void>
  /** whether it is time to merge */
  isFull(): boolean
  /** Merges what is staged, and empties the stage; null where nothing is. `isLast`: no more lines will come. */
  merge(of: Owner, isLast: boolean): Promise<MergedLines | null>
}

/**
 * Lines merged at once, while the next ones are read. The first ones find out whether the account's history knows the
 * file's lines at all, and whether it has them together. Then many chunks are better, of which the last leaves little to
 * wait for; else each costs a look through the whole history, and they are as large as SORT_MEMORY allows.
 */
const CHUNK_LINES = { first: 20_000, together: 100_000, scattered: 500_000 }
/** Rows of the history for each line, between the least and the greatest id of a chunk, below which they are together. */
const TOGETHER = 5
/** Of the server's memory, for this transaction only. */
const SORT_MEMORY = '128MB'
/** Figures of the stage need not be exact; without any the planner takes 2.6 s for what takes 1.9 s. */
const STAGE_SETTINGS = `set local work_mem = '${SORT_MEMORY}'; set local default_statistics_target = 10`

const ODD_CURRENCIES = Intl.supportedValuesOf('currency').filter((currency) => minorDigits(currency) !== 2)
const ODD_DIGITS = ODD_CURRENCIES.map(minorDigits)

interface Merged {
  brought: (Omit<Brought, 'rows' | 'amount'> & { rows: string; amount: string })[]
  new_lines: bigint
  added: bigint
  conflicts: bigint
  later: bigint
  adding: bigint
  replacing: bigint
}

/** Opens the stage of one file. `chunkLines` are merged at once; only a test says so. */
export const openStagedLines = (db: Db, chunkLines?: number): StagedLines => {
  let most: number | null = chunkLines ?? null
  let staged = 0
  let isThere = false
  /** of the batches on the stage; null for one whose range the database has to say */
  let ranges: (IdRange | null)[] = []

  const rangeOfAll = async (): Promise<IdRange> => {
    const known = ranges.filter((range) => range !== null)
    if (known.length === ranges.length) return joined(known)
    const [range] = await run<IdRange>(db, 'intake/file_range')
    if (!range) throw new Error('no range of the staged lines')
    return range
  }

  return {
    async put(rows) {
      if (!isThere) await db.query(`${STAGE_SETTINGS}; ${statement('intake/file_stage')}`)
      isThere = true
      await bulkInsert(db, 'staged_line', ROW_COLUMNS, rows.asTheyCame())
      staged += rows.rows()
      ranges.push(rows.range())
    },
    isFull: () => staged >= (most ?? CHUNK_LINES.first),
    async merge(of, isLast) {
      if (staged === 0) return null
      const range = await rangeOfAll()
      if (!isLast) most ??= (await areTogether(db, of, range, staged)) ? CHUNK_LINES.together : CHUNK_LINES.scattered
      const lines = BigInt(staged)
      const merged = await mergeAll(db, of, range)
      if (!isLast) await db.query('truncate staged_line')
      staged = 0
      ranges = []
      return { ...merged, lines, known: lines - merged.accepted - merged.conflicts }
    },
  }
}

const joined = (ranges: readonly IdRange[]): IdRange => ({
  lowest: ranges.map(({ lowest }) => lowest).reduce((one, other) => (other < one ? other : one)),
  highest: ranges.map(({ highest }) => highest).reduce((one, other) => (other > one ? other : one)),
})

const areTogether = async (db: Db, of: Owner, { lowest, highest }: IdRange, staged: number): Promise<boolean> => {
  const limit = staged * TOGETHER
  const params = [of.business_id, of.processor, of.account, lowest, highest, limit]
  const [between] = await run<{ rows: bigint }>(db, 'intake/file_between', params)
  return (between?.rows ?? 0n) < BigInt(limit)
}

type Outcome = Pick<MergedLines, 'accepted' | 'updated' | 'conflicts' | 'brought'>

/** Takes in what is new; lines that repeat one of these are then compared with it. */
const mergeAll = async (db: Db, of: Owner, range: IdRange): Promise<Outcome> => {
  await db.query('analyze staged_line (transaction_id)')
  const [last] = await run<{ row_no: bigint }>(db, 'intake/row_before')
  const first = await mergeOnce(db, of, range)
  if (first.repeated === 0n) return first
  await count(db, 'intake/file_repeated', [of.business_id, of.processor, of.account, of.file_id, last?.row_no ?? 0n])
  const second = await mergeOnce(db, of, range)
  return {
    accepted: first.accepted + second.accepted,
    updated: first.updated + second.updated,
    conflicts: first.conflicts + second.conflicts,
    brought: [...first.brought, ...second.brought],
  }
}

/** `repeated`: how many lines were new but repeat another one that is now there. */
const mergeOnce = async (db: Db, of: Owner, range: IdRange): Promise<Outcome & { repeated: bigint }> => {
  const params = [of.business_id, of.processor, of.account, of.file_id]
  const [merged] = await run<Merged>(db, 'intake/file_merge', [...params, range.lowest, range.highest])
  if (!merged) throw new Error('the staged lines were not merged')
  const contradictions = merged.adding > 1n ? await count(db, 'intake/file_contradictions') : 0
  const conflicts = merged.conflicts + BigInt(contradictions)
  const [later] = merged.later > 0n ? await run<{ updated: bigint }>(db, 'intake/file_later', [of.business_id]) : []
  if (merged.replacing > 0n) await count(db, 'intake/piece_forget', [of.business_id, of.processor, of.account])
  if (conflicts > 0n) await count(db, 'intake/file_conflicts', [...params, ODD_CURRENCIES, ODD_DIGITS])
  await count(db, 'intake/file_settle', params)
  if (merged.later + conflicts > 0n) await db.query('truncate differing_line')
  return {
    accepted: merged.added,
    updated: later?.updated ?? 0n,
    conflicts,
    brought: merged.brought.map((sum) => ({ ...sum, rows: BigInt(sum.rows), amount: BigInt(sum.amount) })),
    repeated: merged.new_lines - merged.added,
  }
}
