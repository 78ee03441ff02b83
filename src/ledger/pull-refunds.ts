/** Pulls a business's two refund listings from Layer into the ledger's tables. */

import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Log } from '../core/log.ts'
import { erasedPersons, namesErased } from './erase.ts'
import type { LayerClient } from './layer-api/client.ts'
import { BrokenListing } from './layer-api/json-elements.ts'
import type { BytesRead, ListingEnd, ListingReader } from './layer-api/listing.ts'
import { withoutDetails } from './layer-api/persons.ts'
import { readOversized } from './layer-api/quarantined.ts'
import { type Dating, readRefund } from './layer-api/wire.ts'
import { type Database, type Direction, type LastPull, type PullEnd, type PullOutcome, takePull } from './store/pull.ts'
import type { PullStage } from './store/pull-stage.ts'

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
  /** details of people are not kept at all (retention: 0) */
  without_details?: boolean
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
  // asked for when something new arrives: on most nights nothing does
  let asked: Promise<ReadonlySet<string>> | undefined
  const keeping = async (): Promise<Keep> => {
    asked ??= erasedPersons(database, business.id)
    const erased = await asked
    return (value, text) =>
      options.without_details === true || namesErased(business.id, value, erased)
        ? JSON.stringify(withoutDetails(value))
        : text
  }
  const pull = async (
    direction: Direction,
    list: (reader: ListingReader) => Promise<ListingEnd>,
  ): Promise<PullOutcome> => {
    const identity = { business_id: business.id, direction, as_of, now }
    const outcome = await takePull(database, identity, async (stage, last) => {
      const take = async (before: LastPull | null): Promise<PullEnd> => {
        const intake = createIntake({ stage, last: before, direction, dating: business, keeping, ...options })
        const end = await list(intake.reader)
        return { ...end, is_unchanged: await intake.finish(end) }
      }
      return await take(last).catch(async (error: unknown) => {
        if (!(error instanceof NotAsBefore)) throw error
        log.debug({ direction }, 'reading the listing once more: the ledger does not hold all that the last one said')
        return await take(null)
      })
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
  return pulls.map((settled) => {
    if (settled.status === 'rejected') throw settled.reason
    return settled.value
  })
}

/** A refund that is no JSON ended the reading it came in; there is nothing more to do about it. */
const unlessBroken = (error: unknown): void => {
  if (!(error instanceof BrokenListing)) throw error
}

/**
 * Refunds of a page that are worked on together: each portion costs a question, one COPY for each table, and memory for
 * two.
 */
const PORTION = 2_000
/** Or fewer, where they are long: bytes of JSON. */
const PORTION_BYTES = 4_000_000

/** After so many refunds, some tenth of a millisecond, answers of the database and of Layer have a turn. */
const BREATH = 5

/** What is kept of a refund: its JSON, or that without details of people. */
type Keep = (value: unknown, text: string) => string

interface IntakeContext {
  stage: PullStage
  last: LastPull | null
  direction: Direction
  dating: Dating
  /** asks whose details are not kept, once */
  keeping(): Promise<Keep>
  onProgress?: (progress: PullProgress) => void
}

interface Portion {
  contents: Buffer[]
  offsets: number[]
  oversized: Map<number, number>
  /** of the first */
  place: number
}

const openPortion = (place: number): Portion => ({ contents: [], offsets: [], oversized: new Map(), place })

/** A page that is, byte for byte, one of the last pull. */
interface SamePage {
  /** of its first refund */
  place: number
  /** of its refunds' contents in order, one after the other: a long listing has millions */
  hashes: string
}

/** The ledger does not hold a content that the last pull brought: of a refund that came twice it keeps the later one. */
class NotAsBefore extends Error {}

const bytesOf = ({ contents }: Portion): number => contents.reduce((sum, { length }) => sum + length, 0)

/** The first refunds of a portion. */
const partOf = ({ contents, offsets, oversized, place }: Portion, refunds: number): Portion => ({
  ...{ place, contents: contents.slice(0, refunds), offsets: offsets.slice(0, refunds) },
  oversized: new Map([...oversized].filter(([index]) => index < refunds)),
})

/**
 * Refund by refund from the listing onto the stage, in portions, one of which is at work while the next arrives. Of pages that
 * are, byte for byte, those of the last pull the hashes alone wait for what follows: where all are, as on most nights, nothing
 * is staged. Throws NotAsBefore where the listing has to be read once more, with `last` null.
 */
function createIntake(context: IntakeContext): {
  reader: ListingReader
  /** What arrived of a page that then broke off is staged too. Gives whether it is the last pull's listing, and nothing was. */
  finish(end: ListingEnd): Promise<boolean>
} {
  const { last } = context
  const ends_before = new Set(last?.page_ends)
  let is_staged = false
  let taken = 0
  let bytes = 0
  let same: SamePage[] = []
  let portion = openPortion(1)
  let working: Promise<void> = Promise.resolve()

  /** What fails here comes out with the next portion or in settle(); until then it is not unhandled. */
  const work = (promise: Promise<void>): void => {
    working = promise
    promise.catch(() => undefined)
  }

  /** Hands the portion on, once the one before is through; a fault of that one comes out here. */
  const hand = async (): Promise<void> => {
    is_staged = true
    const [ready, before] = [portion, same]
    portion = openPortion(ready.place + ready.contents.length)
    same = []
    bytes = 0
    await working
    work(stageSame(context, before).then(() => stagePortion(context, ready)))
  }

  const settle = async (): Promise<void> => {
    await hand()
    await working
  }

  const isLast = ({ bytes, sha256 }: BytesRead): boolean =>
    !is_staged && last !== null && bytes === last.bytes && sha256 === last.sha256

  return {
    async finish(end) {
      if (end.complete && isLast(end)) return true
      await settle().catch(unlessBroken)
      return false
    },
    reader: {
      begin(from) {
        const before = working
        const begin = async (): Promise<void> => {
          await before.catch(unlessBroken) // of a reading that is void now
          await context.stage.begin(from)
        }
        work(begin())
        if (from === portion.place + portion.contents.length) return
        same = same.filter(({ place }) => place < from)
        portion = from > portion.place ? partOf(portion, from - portion.place) : openPortion(from)
        bytes = bytesOf(portion)
      },
      take({ contents, offsets, oversized }) {
        for (const [index, content] of contents.entries()) {
          const cut = oversized.get(index)
          if (cut !== undefined) portion.oversized.set(portion.contents.length, cut)
          portion.contents.push(content)
          portion.offsets.push(offsets[index] ?? 0)
          bytes += content.length
        }
        taken += contents.length
        context.onProgress?.({ direction: context.direction, refunds: taken })
        return portion.contents.length >= PORTION || bytes >= PORTION_BYTES ? hand() : undefined
      },
      async settle(read) {
        if (!isLast(read) && (is_staged || !ends_before.has(read.sha256))) return await settle()
        const { place, contents } = portion
        same.push({ place, hashes: contents.map(hashOf).join('') })
        portion = openPortion(place + contents.length)
        bytes = 0
      },
    },
  }
}

/** Notes that the refunds of pages of the last pull are there. Throws NotAsBefore. */
async function stageSame({ stage }: IntakeContext, pages: readonly SamePage[]): Promise<void> {
  let asked: string[] = []
  let { place } = pages[0] ?? { place: 1 }
  for (const [index, { hashes }] of pages.entries()) {
    asked.push(...(hashes.match(EACH_HASH) ?? []))
    if (asked.length < PORTION && index < pages.length - 1) continue
    const known = await stage.known(place, asked)
    if (asked.some((_, number) => known.get(place + number) !== 'standing')) throw new NotAsBefore()
    place += asked.length
    asked = []
  }
}

/**
 * Content hashes are 132 bits of SHA-256: enough to tell any two contents apart, and half the size in an index.
 */
const hashOf = (content: Buffer): string => hash('sha256', content, 'base64url').slice(0, 22)
const EACH_HASH = /.{22}/g

async function stagePortion({ stage, dating, keeping }: IntakeContext, portion: Portion): Promise<void> {
  if (portion.contents.length === 0) return await stage.send()
  const keep = await keeping()
  const hashes = portion.contents.map(hashOf)
  const known = await stage.known(portion.place, hashes)
  for (const [index, content] of portion.contents.entries()) {
    const place = portion.place + index
    const bytes = portion.oversized.get(index)
    if (bytes !== undefined) {
      stage.quarantine(place, readOversized(content.toString('utf8'), bytes))
      continue
    }
    const held = known.get(place)
    if (held === 'standing') continue
    if (index % BREATH === 0) await setImmediate()
    const text = content.toString('utf8')
    const value = parse(text, portion.offsets[index] ?? 0)
    const read = readRefund(value, text, dating)
    if ('quarantine' in read) stage.quarantine(place, read.quarantine)
    else {
      const raw = held === 'removed' ? null : keep(value, text)
      stage.refund({ refund: read.refund, content_hash: hashes[index] ?? '', raw, place })
    }
  }
  await stage.send()
}

const parse = (text: string, offset: number): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new BrokenListing(`the refund at byte ${offset} of the answer is not JSON`)
  }
}
