/** Pulls a business's two refund listings from Layer into the ledger's tables. */

import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Database, type Direction, type PullOutcome, takePull } from '../intake/pull.ts'
import { type KnownRefunds, openKnownRefunds } from '../intake/pull-known.ts'
import type { PullStage } from '../intake/pull-stage.ts'
import type { Log } from '../log.ts'
import { BrokenListing } from './json-elements.ts'
import type { LayerClient } from './layer-client.ts'
import type { ListingEnd, ListingReader } from './layer-listing.ts'
import { type Dating, readRefund } from './layer-wire.ts'

export interface PullProgress {
  direction: Direction
  /** taken so far, those of pages begun anew included */
  refunds: number
}

export interface PullOptions {
  client: LayerClient
  /** the run's instant, UTC */
  as_of: string
  /** the clock, UTC */
  now(): string
  log: Log
  onProgress?: (progress: PullProgress) => void
}

/**
 * Pulls both directions, at the same time, each in a transaction of its own. What Layer does wrong becomes an
 * incomplete pull with its `problem`; only faults of the database are thrown. The caller holds the business's lock
 * and has stored the business's settings.
 */
export async function pullRefunds(
  database: Database,
  business: Dating & { readonly id: string },
  options: PullOptions,
): Promise<PullOutcome[]> {
  const { client, as_of, now, log } = options
  const known = await openKnownRefunds(database, business.id)
  const pull = async (
    direction: Direction,
    list: (reader: ListingReader) => Promise<ListingEnd>,
  ): Promise<PullOutcome> => {
    const identity = { business_id: business.id, direction, as_of, now }
    const outcome = await takePull(database, identity, async (stage) => {
      const intake = createIntake({ stage, known, direction, dating: business, ...options })
      const end = await list(intake.reader)
      await intake.finish()
      return end
    })
    const { problem, ...figures } = outcome
    if (problem === null) log.info(figures, `pulled ${direction} refunds`)
    else log.warn(figures, `pulled ${direction} refunds, not completely: ${problem}`)
    return outcome
  }
  const pulls = await Promise.allSettled([
    pull('customer', (reader) => client.listInvoiceRefunds(business.id, reader)),
    pull('vendor', (reader) => client.listVendorRefunds(business.id, reader)),
  ])
  await known.close()
  return pulls.map((settled) => {
    if (settled.status === 'rejected') throw settled.reason
    return settled.value
  })
}

/** A refund that is no JSON ended the reading it came in; there is nothing more to do about it. */
const unlessBroken = (error: unknown): void => {
  if (!(error instanceof BrokenListing)) throw error
}

/** Refunds worked on together: enough that a question to the database costs little per refund. */
const BATCH = 250
/** Or fewer, where they are long: characters of JSON. */
const BATCH_TEXT = 4_000_000

/**
 * After so many refunds, some tenth of a millisecond, whoever waits for an answer of the database or of Layer has a turn: a
 * Unix socket holds no more than the server takes in a millisecond or two, and each COPY begins and ends with an answer that
 * is waited for. A million refunds take 30 s so, 33 s in turns of thirty, and more in turns of a hundred.
 */
const BREATH = 5

interface IntakeContext {
  stage: PullStage
  known: KnownRefunds
  direction: Direction
  dating: Dating
  onProgress?: (progress: PullProgress) => void
}

interface Batch {
  texts: string[]
  offsets: number[]
  /** of the first */
  place: number
}

/** Refund by refund from the listing onto the stage, in batches, one of which is at work while the next arrives. */
function createIntake(context: IntakeContext): {
  reader: ListingReader
  /** What arrived of a page that then broke off is staged too. */
  finish(): Promise<void>
} {
  let place = 1
  let taken = 0
  let characters = 0
  let batch: Batch = { texts: [], offsets: [], place: 1 }
  let working: Promise<void> = Promise.resolve()

  const renew = (): void => {
    batch = { texts: [], offsets: [], place }
    characters = 0
  }

  /** What fails here comes out with the next batch or in settle(); until then it is not unhandled. */
  const work = (promise: Promise<void>): void => {
    working = promise
    promise.catch(() => undefined)
  }

  /** Hands the batch on, once the one before is through; a fault of that one comes out here. */
  const hand = async (): Promise<void> => {
    const ready = batch
    renew()
    await working
    work(stageBatch(context, ready))
  }

  const settle = async (): Promise<void> => {
    await hand()
    await working
  }

  return {
    finish: () => settle().catch(unlessBroken),
    reader: {
      begin(from) {
        place = from
        const before = working
        const begin = async (): Promise<void> => {
          await before.catch(unlessBroken) // of a reading that is void now
          await context.stage.begin(from)
        }
        work(begin())
        renew()
      },
      take({ texts, offsets }) {
        for (const [index, text] of texts.entries()) {
          batch.texts.push(text)
          batch.offsets.push(offsets[index] ?? 0)
          characters += text.length
        }
        place += texts.length
        taken += texts.length
        context.onProgress?.({ direction: context.direction, refunds: taken })
        return batch.texts.length >= BATCH || characters >= BATCH_TEXT ? hand() : undefined
      },
      settle,
    },
  }
}

/**
 * The id at the head of a refund's JSON, as Layer writes it, perhaps behind its type; a guess that only a stored hash
 * of all of it confirms.
 */
const ID_AT_HEAD = /^\{\s*(?:"type"\s*:\s*"\w*"\s*,\s*)?"id"\s*:\s*"([^"\\\p{Cc}]{1,1000})"/u

/**
 * Content hashes are 132 bits of SHA-256: enough to tell any two contents apart, and half the size in two indexes.
 */
async function stageBatch(context: IntakeContext, batch: Batch): Promise<void> {
  const { stage, known, direction, dating } = context
  const hashes = batch.texts.map((text) => hash('sha256', text, 'base64url').slice(0, 22))
  const ids = batch.texts.map((text) => ID_AT_HEAD.exec(text)?.[1] ?? '')
  const same = await known.sameAs(direction, ids, hashes)
  for (const [index, text] of batch.texts.entries()) {
    if (index % BREATH === 0) await setImmediate()
    const place = batch.place + index
    const content_hash = hashes[index] ?? ''
    const id = ids[index] ?? ''
    if (same.has(content_hash)) {
      const written = stage.known(place, content_hash, id)
      if (written !== undefined) await written
      continue
    }
    const read = readRefund(parse(text, batch.offsets[index] ?? 0), text, dating)
    const written =
      'refund' in read
        ? stage.refund({ refund: read.refund, content_hash, raw: text, place })
        : stage.quarantine(place, read.quarantine)
    if (written !== undefined) await written
  }
}

const parse = (text: string, offset: number): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new BrokenListing(`the refund at byte ${offset} of the answer is not JSON`)
  }
}
