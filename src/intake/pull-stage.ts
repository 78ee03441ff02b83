/** The way of a listing's refunds into the database while it arrives: portion by portion, pages undone where begun anew. */

import type { Db } from '../database/connect.ts'
import { copyBinary } from '../database/copy-binary.ts'
import { run } from '../database/statement.ts'
import type { QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import { hasRows, openPortion, type Portion, type Rows } from './pull-portion.ts'
import { rowWriter, type Scope, STAGE, type Target, VERSIONS } from './pull-rows.ts'

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

/** Bytes that are sent together, at the end of a page and within one: one portion is on its way while the next fills. */
const PORTION = { page_over: 4_000_000, within_page: 6_000_000 }

/**
 * Creates the stage in this transaction: nothing else can run on `db` until end(). Contents, the bulk of a pull, are
 * copied to where they are kept: through a stage they would be written twice, the second time when nothing arrives any
 * more. All else waits on the stage to be merged in order of the refunds' ids, which come in none: a million refunds with
 * their legs take 16 s of the server's CPU so, and 21 s straight into the tables, each at its random place of the keys.
 * @param portion only a test says so
 */
export async function openStage(db: Db, scope: Scope, portion: typeof PORTION = PORTION): Promise<PullStage> {
  await run(db, 'intake/pull_stage')
  await db.query('savepoint listing')
  const write = rowWriter(scope)
  let filling = openPortion(write)
  let sent = openPortion(write)
  let sending: Promise<void> = Promise.resolve()
  let page = 1
  let reached = 1
  /** some of the page that is being read is in the database, behind a savepoint */
  let is_divided = false

  const copy = async ({ table, columns }: Target, rows: Buffer): Promise<void> => {
    if (rows.length > 0) await copyBinary(db, table, columns, [rows])
  }
  const store = async ({ versions, staged }: Rows): Promise<void> => {
    await copy(STAGE, staged)
    await copy(VERSIONS, versions)
  }

  const send = async (full: Portion, behind_savepoint: boolean): Promise<void> => {
    const standing = full.standing()
    const unsettled = full.unsettled()
    if (hasRows(standing)) await store(standing)
    if (!hasRows(unsettled)) return
    if (!behind_savepoint) await db.query('savepoint page')
    await store(unsettled)
  }

  /** What fails in sending comes out with the next portion, or at the end; until then it is not unhandled. */
  const hand = async (): Promise<void> => {
    const full = filling
    await sending
    filling = sent
    filling.clear()
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
    filling.clear()
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
