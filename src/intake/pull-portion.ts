/** Some refunds of a listing as rows that are sent together, of which those of the page being read can be taken back. */

import { openFields } from '../database/copy-binary.ts'
import type { QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import type { RowWriter } from './pull-rows.ts'

/** Rows of both tables, as bytes of COPY. */
export interface Rows {
  versions: Buffer
  staged: Buffer
}

export interface Portion {
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
  clear(): void
}

interface Sizes {
  versions: number
  staged: number
}

const EMPTY: Sizes = { versions: 0, staged: 0 }

export const hasRows = ({ staged }: Rows): boolean => staged.length > 0

export function openPortion(write: RowWriter): Portion {
  const versions = openFields()
  const staged = openFields()
  let stood = EMPTY

  const sizes = (): Sizes => ({ versions: versions.size(), staged: staged.size() })
  const back = (to: Sizes): void => {
    versions.clear(to.versions)
    staged.clear(to.staged)
  }
  const between = (from: Sizes, to: Sizes): Rows => ({
    versions: versions.bytes().subarray(from.versions, to.versions),
    staged: staged.bytes().subarray(from.staged, to.staged),
  })

  return {
    refund(received) {
      write.version(versions, received)
      write.refund(staged, received)
    },
    known: (place, refund_id, content_hash) => write.known(staged, place, refund_id, content_hash),
    quarantine: (place, refund) => write.quarantine(staged, place, refund),
    size: () => versions.size() + staged.size(),
    stand() {
      stood = sizes()
    },
    takeBack: () => back(stood),
    standing: () => between(EMPTY, stood),
    unsettled: () => between(stood, sizes()),
    clear() {
      back(EMPTY)
      stood = EMPTY
    },
  }
}
