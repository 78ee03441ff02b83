/** The way of a listing's refunds into the database while it arrives: portion by portion, pages undone where begun anew. */

import type { Db } from '../database/connect.ts'
import { copyBinary } from '../database/copy-binary.ts'
import { run } from '../database/statement.ts'
import { type AddedRefunds, openAddedRefunds } from './added-refunds.ts'
import type { QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import { openPortion, type Portion } from './pull-portion.ts'
import { type Rows, rowWriter, type Scope } from './pull-rows.ts'
import { openRing } from './ring.ts'
import { openSortingRoom } from './rows-by-id.ts'
import { openSeenIds } from './seen-ids.ts'

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
  /** All of it is in the database. Gives how many refunds are in the ledger already; the others wait on the stage. */
  end(): Promise<number>
  /** For what ends in a fault: returns when nothing is on its way any more, so that all of it can be undone. */
  stop(): Promise<void>
}

/**
 * Bytes that are sent together, at the end of a page and within one; and of refunds that go straight into the ledger, of
 * which many at once are better: the keys take 8,000 in order of their ids in in nine tenths of the time of any order. Each
 * COPY costs some milliseconds in which the server waits: a million contents in portions of 2.5 MB took 1.3 s more.
 */
const PORTION = { page_over: 5_000_000, within_page: 6_000_000, added_over: 4_000_000 }
/** One fills, one is on its way, and two wait while refunds of the ledger are. */
const PORTIONS = 4
const ADDITIONS = 2

/**
 * Creates the stage in this transaction: nothing else can run on `db` until end(). Contents, the bulk of a pull, are
 * copied to where they are kept: through a stage they would be written twice, the second time when nothing arrives any
 * more. So are the refunds and legs of a direction's first pull (`is_first`), as far as each is surely there for the first
 * time. All else waits on the stage to be merged with what the ledger has.
 * @param portion only a test says so
 */
export async function openStage(
  db: Db,
  scope: Scope,
  is_first: boolean,
  portion: typeof PORTION = PORTION,
): Promise<PullStage> {
  await run(db, 'intake/pull_stage')
  await db.query('savepoint listing')
  const write = rowWriter(scope)
  const room = openSortingRoom()
  const seen = is_first ? openSeenIds() : null
  const portions = openRing(() => openPortion(write), PORTIONS)
  const additions = openRing(() => openAddedRefunds(scope, room), ADDITIONS)
  let sending: Promise<void> = Promise.resolve()
  let page = 1
  let reached = 1
  /** some of the page that is being read is in the database, behind a savepoint */
  let is_divided = false
  /** refunds that go straight into the ledger; of them, those before the page that is being read */
  let count = 0
  let count_before = 0

  const store = async (rows: readonly Rows[]): Promise<void> => {
    for (const { table, columns, pieces } of rows) await copyBinary(db, table, columns, pieces)
  }
  /** What stands comes before the savepoint, all else behind it. */
  const send = async (full: readonly (Portion | AddedRefunds)[], behind_savepoint: boolean): Promise<void> => {
    const unsettled = full.flatMap((part) => part.unsettled())
    await store(full.flatMap((part) => part.standing()))
    if (unsettled.length === 0) return
    if (!behind_savepoint) await db.query('savepoint page')
    await store(unsettled)
  }

  /** What fails in sending comes out when its portion is to be filled again, or at the end; until then it is not unhandled. */
  const hand = async (is_last = false): Promise<void> => {
    const [filling, adding] = [portions.now(), additions.now()]
    const is_dividing = !is_divided && filling.unsettled().length + adding.unsettled().length > 0
    const with_added = is_last || is_dividing || adding.size() >= portion.added_over
    const [before, behind_savepoint] = [sending, is_divided]
    const behind = async (): Promise<void> => {
      await before
      await send(with_added ? [filling, adding] : [filling], behind_savepoint)
    }
    is_divided ||= is_dividing
    sending = behind()
    sending.catch(() => undefined)
    await portions.next(sending)
    if (with_added) await additions.next(sending)
  }
  const settle = async (): Promise<void> => {
    await hand(true)
    await sending
  }

  const beginPage = async (): Promise<void> => {
    if (is_divided) {
      await settle()
      await db.query('release savepoint page')
      is_divided = false
    }
    const [filling, adding] = [portions.now(), additions.now()]
    filling.stand()
    adding.stand()
    count_before = count
    if (filling.size() >= portion.page_over || adding.size() >= portion.added_over) await hand()
  }
  const undoPage = async (): Promise<void> => {
    portions.now().takeBack()
    additions.now().takeBack()
    count = count_before
    if (page === 1) seen?.clear()
    if (!is_divided) return
    await sending
    await db.query('rollback to savepoint page')
  }
  const undoListing = async (): Promise<void> => {
    await sending
    portions.now().clear()
    additions.now().clear()
    count = 0
    count_before = 0
    seen?.clear()
    await db.query('rollback to savepoint listing')
    is_divided = false
  }

  const taken = (place: number): void | Promise<void> => {
    reached = place + 1
    if (portions.now().size() >= portion.within_page) return hand()
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
      if (seen === null || seen.again(received.refund.refund_id)) portions.now().refund(received)
      else {
        portions.now().version(received)
        additions.now().add(received)
        count += 1
      }
      return taken(received.place)
    },
    known(place, content_hash, refund_id) {
      portions.now().known(place, refund_id, content_hash)
      return taken(place)
    },
    quarantine(place, refund) {
      portions.now().quarantine(place, refund)
      return taken(place)
    },
    async end() {
      await settle()
      return count
    },
    stop: () => sending.catch(() => undefined),
  }
}
