/** The stage of a pull: where a listing's refunds wait for the merge, while their contents go where they are kept. */

import { openBulk } from '../../database/bulk/bulk.ts'
import type { Db } from '../../database/connect.ts'
import { count, run } from '../../database/statement.ts'
import type { QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import {
  type ContentPlace,
  PULL_TABLES,
  type Scope,
  writeLeg,
  writePage,
  writeQuarantine,
  writeRefund,
} from './pull-rows.ts'
import { type Page, packPage } from './refund-content.ts'

/** What the ledger has of a refund whose content it keeps. */
type Held = 'standing' | 'removed'

/** Takes the refunds of a listing in order. One call at a time. */
export interface PullStage {
  /**
   * What follows begins at this place of the listing (from 1). Where more came before, the page is read once more, or
   * the whole listing, and what came from there on is undone.
   */
  begin(place: number): Promise<void>
  /**
   * Which refunds of a portion have a content that the ledger keeps, by place. A `standing` one is unchanged: it is
   * noted, and need not come. `hashes`: of the portion's contents, in order; `place`: of its first refund.
   */
  known(place: number, hashes: readonly string[]): Promise<ReadonlyMap<number, Held>>
  refund(received: ReceivedRefund): void
  quarantine(place: number, refund: QuarantinedRefund): void
  /** Sends what came since the last call; returns when there is room for more. */
  send(): Promise<void>
  /** All of it is in the database. Gives whether anything was undone. */
  end(): Promise<boolean>
  /** For what ends in a fault: returns when nothing is on its way any more, so that all of it can be undone. */
  stop(): Promise<void>
}

/** Refunds of a page: with more a page is hardly smaller per refund, and costs more to read for one of them. */
const PAGE_REFUNDS = 250
/** Or fewer, where they are long: characters of JSON. */
const PAGE_TEXT = 1_000_000

/** The stage of this transaction, made when something comes: nothing else may run on `db` from then on until end(). */
export function openStage(db: Db, scope: Scope, page_refunds: number = PAGE_REFUNDS): PullStage {
  let made: Promise<unknown> | undefined
  const make = async (): Promise<void> => {
    made ??= count(db, 'pull/stage')
    await made
  }
  const bulk = openBulk(db, PULL_TABLES)
  const pages = openPages(page_refunds)
  let reached = 1
  let is_undone = false

  const send = async (): Promise<void> => {
    await make()
    for (const page of await pages.ready()) writePage(bulk.rows().page, scope, page)
    await bulk.send()
  }
  return {
    async begin(place) {
      if (place < reached) {
        is_undone = true
        pages.undo(place)
        await send()
        await bulk.arrived()
        await count(db, 'pull/undo', [place])
      }
      reached = place
    },
    async known(place, hashes) {
      await make()
      await bulk.arrived()
      reached = Math.max(reached, place + hashes.length)
      const held = await run<{ place: bigint; is_removed: boolean }>(db, 'pull/known', [
        scope.business_id,
        scope.direction,
        place,
        hashes,
      ])
      return new Map(held.map((each) => [Number(each.place), each.is_removed ? 'removed' : 'standing']))
    },
    refund({ refund, content_hash, raw, place }) {
      reached = place + 1
      const rows = bulk.rows()
      writeRefund(rows.refund, place, refund, content_hash, raw === null ? null : pages.add(place, raw))
      for (const leg of refund.legs) writeLeg(rows.leg, place, refund, leg)
    },
    quarantine(place, refund) {
      reached = place + 1
      writeQuarantine(bulk.rows().quarantine, place, refund)
    },
    send,
    async end() {
      pages.close()
      await send()
      await bulk.arrived()
      return is_undone
    },
    stop: () => bulk.stop(),
  }
}

interface Pages {
  /** Puts the content of the refund at a place of the listing into a page; gives where it lies. */
  add(place: number, content: string): ContentPlace
  /** Takes what came from that place of the listing on out of the page that is not full. Full ones stay: see pull_drop_pages. */
  undo(place: number): void
  /** The page that is not full is full. */
  close(): void
  /** The pages that are full, each once. */
  ready(): Promise<Page[]>
}

function openPages(page_refunds: number): Pages {
  let packing: Promise<Page>[] = []
  let page_no = 0
  let contents: string[] = []
  let places: number[] = []
  let characters = 0

  const close = (): void => {
    if (contents.length === 0) return
    const page = packPage(page_no, contents)
    page.catch(() => undefined) // it comes out of ready()
    packing.push(page)
    page_no += 1
    contents = []
    places = []
    characters = 0
  }
  return {
    add(place, content) {
      if (contents.length >= page_refunds || characters >= PAGE_TEXT) close()
      places.push(place)
      characters += content.length
      return { page_no, place: contents.push(content) - 1 }
    },
    undo(from) {
      while ((places.at(-1) ?? 0) >= from) {
        places.pop()
        contents.pop()
      }
    },
    close,
    async ready() {
      const ready = packing
      packing = []
      return await Promise.all(ready)
    },
  }
}
