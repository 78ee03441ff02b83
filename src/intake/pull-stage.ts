/** The way of a listing's refunds into the database while it arrives: portion by portion, pages undone where begun anew. */

import type { Db } from '../database/connect.ts'
import { copyBinary, openFields } from '../database/copy-binary.ts'
import { run } from '../database/statement.ts'
import type { LedgerRefund, QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import { hasRows, openPortion, type Portion, type Rows } from './pull-portion.ts'
import { contentsOf, LEGS, REFUNDS, rowWriter, type Scope, STAGE, type Target, VERSIONS } from './pull-rows.ts'
import { storeVersions, unlessThere } from './pull-versions.ts'

/** Takes refunds in the order of the listing. Each call: where it returns a promise, await it before the next. */
export interface PullStage {
  /**
   * What follows begins at this place of the listing (from 1): with a new page where all before has come; else the
   * page is read once more, or the whole listing, and what came of it is undone.
   */
  begin(place: number): Promise<void>
  refund(received: ReceivedRefund): void | Promise<void>
  /** The ledger holds this very content already. */
  known(place: number, content_hash: string, refund_id: string): void | Promise<void>
  quarantine(place: number, refund: QuarantinedRefund): void | Promise<void>
  /** All of it is in the database. */
  end(): Promise<void>
  /** For what ends in a fault: returns when nothing is on its way any more, so that all of it can be undone. */
  stop(): Promise<void>
}

export interface StageOptions {
  /** The ledger holds none of this direction yet: refunds go straight into its tables, nothing waits to be merged. */
  straight: boolean
  /** reads the JSON of a refund that was read before */
  read(raw: string): LedgerRefund
  /** only a test says so */
  portion?: typeof PORTION
}

/** Bytes that are sent together, at the end of a page and within one: one portion is on its way while the next fills. */
const PORTION = { page_over: 4_000_000, within_page: 6_000_000 }

/**
 * Creates the stage in this transaction: nothing else can run on `db` until end().
 * Straight into the ledger goes what is new to it. Where a refund comes twice, which its keys tell, that portion and
 * all after it are staged instead, to be merged when the listing is over: of one refund twice the later stands.
 */
export async function openStage(db: Db, scope: Scope, options: StageOptions): Promise<PullStage> {
  await run(db, 'intake/pull_stage')
  await db.query('savepoint listing')
  const write = rowWriter(scope)
  const portion = options.portion ?? PORTION
  let straight = options.straight
  let filling = openPortion(write, straight)
  let sent = openPortion(write, straight)
  let sending: Promise<void> = Promise.resolve()
  let page = 1
  let reached = 1
  /** some of the page that is being read is in the database, behind a savepoint */
  let is_divided = false

  const copy = async ({ table, columns }: Target, rows: Buffer): Promise<void> => {
    if (rows.length > 0) await copyBinary(db, table, columns, [rows])
  }
  const stage = async ({ versions, staged }: Pick<Rows, 'versions' | 'staged'>): Promise<void> => {
    await copy(STAGE, staged)
    if (versions.length > 0) await storeVersions(db, versions)
  }
  /** What was written for the ledger's tables is read again from its content. */
  const stageInstead = async ({ versions, staged, places }: Rows): Promise<void> => {
    const fields = openFields()
    fields.written(staged)
    let index = 0
    for (const { content_hash, raw } of contentsOf(versions)) {
      write.staged(fields, { refund: options.read(raw), content_hash, raw, place: places[index] ?? 0 })
      index += 1
    }
    await stage({ versions, staged: fields.bytes() })
  }
  const store = async (rows: Rows): Promise<void> => {
    straight &&= await unlessThere(db, async () => {
      await copy(VERSIONS, rows.versions)
      await copy(REFUNDS, rows.refunds)
      await copy(LEGS, rows.legs)
    })
    if (straight) await copy(STAGE, rows.staged)
    else await stageInstead(rows)
  }

  const send = async (full: Portion, behind_savepoint: boolean): Promise<void> => {
    const take = full.straight() ? store : stage
    const standing = full.standing()
    const unsettled = full.unsettled()
    if (hasRows(standing)) await take(standing)
    if (!hasRows(unsettled)) return
    if (!behind_savepoint) await db.query('savepoint page')
    await take(unsettled)
  }

  /** What fails in sending comes out with the next portion, or at the end; until then it is not unhandled. */
  const hand = async (): Promise<void> => {
    const full = filling
    await sending
    filling = sent
    filling.clear(straight)
    sent = full
    sending = send(full, is_divided)
    sending.catch(() => undefined)
    is_divided ||= hasRows(full.unsettled())
  }
  const settle = async (): Promise<void> => {
    await hand()
    await sending
  }

  const beginPage = async (): Promise<void> => {
    if (is_divided) {
      await settle()
      await db.query('release savepoint page')
      is_divided = false
    }
    filling.stand()
    if (filling.size() >= portion.page_over) await hand()
  }
  const undoPage = async (): Promise<void> => {
    filling.takeBack()
    if (!is_divided) return
    await sending
    await db.query('rollback to savepoint page')
  }
  const undoListing = async (): Promise<void> => {
    await sending
    filling.clear(straight)
    await db.query('rollback to savepoint listing')
    is_divided = false
  }

  const taken = (place: number): void | Promise<void> => {
    reached = place + 1
    if (filling.size() >= portion.within_page) return hand()
  }
  return {
    async begin(place) {
      if (place >= reached) await beginPage()
      else if (place === page) await undoPage()
      else await undoListing()
      page = place
      reached = place
    },
    refund(received) {
      filling.refund(received)
      return taken(received.place)
    },
    known(place, content_hash, refund_id) {
      filling.known(place, refund_id, content_hash)
      return taken(place)
    },
    quarantine(place, refund) {
      filling.quarantine(place, refund)
      return taken(place)
    },
    end: settle,
    stop: () => sending.catch(() => undefined),
  }
}
