/** Some refunds of a listing as rows that are sent together, of which those of the page being read can be taken back. */

import { type Fields, openFields } from '../database/copy-binary.ts'
import type { QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import type { RowWriter } from './pull-rows.ts'

/** Rows of each table, as bytes of COPY. */
export interface Rows {
  versions: Buffer
  refunds: Buffer
  legs: Buffer
  staged: Buffer
  /** where the refunds of `versions` stood in the listing */
  places: readonly number[]
}

export interface Portion {
  /** whether its refunds are written for the ledger's own tables, or for the stage */
  straight(): boolean
  refund(received: ReceivedRefund): void
  known(place: number, refund_id: string, content_hash: string): void
  quarantine(place: number, refund: QuarantinedRefund): void
  /** bytes */
  size(): number
  /** What it holds now stands; what comes after it is of another page. */
  stand(): void
  /** Forgets what came since stand(). */
  takeBack(): void
  /** What came before stand(). Good until clear(). */
  standing(): Rows
  /** What came since. Good until clear(). */
  unsettled(): Rows
  /** Empties it, to be filled again. */
  clear(straight: boolean): void
}

interface Sizes {
  versions: number
  refunds: number
  legs: number
  staged: number
  places: number
}

const EMPTY: Sizes = { versions: 0, refunds: 0, legs: 0, staged: 0, places: 0 }

export const hasRows = ({ versions, staged }: Rows): boolean => versions.length + staged.length > 0

export function openPortion(write: RowWriter, begins_straight: boolean): Portion {
  const versions = openFields()
  const refunds = openFields()
  const legs = openFields()
  const staged = openFields()
  const places: number[] = []
  let is_straight = begins_straight
  let stood = EMPTY

  const sizes = (): Sizes => ({
    versions: versions.size(),
    refunds: refunds.size(),
    legs: legs.size(),
    staged: staged.size(),
    places: places.length,
  })
  const back = (to: Sizes): void => {
    versions.clear(to.versions)
    refunds.clear(to.refunds)
    legs.clear(to.legs)
    staged.clear(to.staged)
    places.length = to.places
  }
  const part = (fields: Fields, from: number, to: number): Buffer => fields.bytes().subarray(from, to)
  const between = (from: Sizes, to: Sizes): Rows => ({
    versions: part(versions, from.versions, to.versions),
    refunds: part(refunds, from.refunds, to.refunds),
    legs: part(legs, from.legs, to.legs),
    staged: part(staged, from.staged, to.staged),
    places: places.slice(from.places, to.places),
  })

  return {
    straight: () => is_straight,
    refund(received) {
      write.version(versions, received)
      places.push(received.place)
      if (is_straight) write.refund(refunds, legs, received)
      else write.staged(staged, received)
    },
    known: (place, refund_id, content_hash) => write.known(staged, place, refund_id, content_hash),
    quarantine: (place, refund) => write.quarantine(staged, place, refund),
    size: () => versions.size() + refunds.size() + legs.size() + staged.size(),
    stand() {
      stood = sizes()
    },
    takeBack: () => back(stood),
    standing: () => between(EMPTY, stood),
    unsettled: () => between(stood, sizes()),
    clear(straight) {
      back(EMPTY)
      stood = EMPTY
      is_straight = straight
    },
  }
}
