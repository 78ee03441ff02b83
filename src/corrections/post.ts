/**
 * Creates approved refunds in Layer. What is sent is stored before, and Layer's listing is read before and, where an
 * answer was lost or refused, after, before it is sent again: a refund that is there is never made again, whatever broke
 * off when.
 */

import type { LayerClient } from '../ledger/layer-api/client.ts'
import { LayerFailure, mayHeal } from '../ledger/layer-api/failure.ts'
import { type LayerRefund, layerRefund } from '../ledger/layer-api/refund.ts'
import { differences, externalIds, refusalSentence } from './answer.ts'
import { isWanted, makeObsolete } from './propose.ts'
import { readRequest } from './request.ts'
import {
  type CorrectionStatus,
  changeCorrection,
  type Database,
  type Direction,
  type StandingCorrection,
} from './store.ts'

/** What is about to happen to a correction: before its state is stored, before it is sent, before the answer is stored. */
type PostingStep = 'store' | 'send' | 'settle'

export interface PostOptions {
  client: LayerClient
  /** who posts */
  by: string
  /** the clock, UTC */
  now(): string
  onStep?: (step: PostingStep, correction_id: string) => void
}

export interface Posted {
  correction_id: string
  status: CorrectionStatus
  /** in words */
  says: string
  /** whether a person has to look at it */
  problem: boolean
}

export const POSTABLE: readonly CorrectionStatus[] = ['approved', 'posting', 'failed']

/** What a listing says of the refunds wanted. */
interface Look {
  found: ReadonlyMap<string, LayerRefund>
  /** why a refund that was not found may still be in Layer; null where all of them were listed */
  problem: string | null
}

/** What an attempt left open: to be judged by a listing read afterwards. */
interface Unsettled {
  correction: StandingCorrection
  failure: LayerFailure | null
  /** the answer, where it does not say all */
  answer: LayerRefund | null
}

/**
 * Posts corrections that are POSTABLE, one after the other; each state is committed at once. The caller holds the
 * business's lock. Layer's refusals become states with a sentence; other errors are thrown, and posting again goes on.
 */
export const postCorrections = async (
  database: Database,
  business_id: string,
  corrections: readonly StandingCorrection[],
  options: PostOptions,
): Promise<Posted[]> => {
  const posted: Posted[] = []
  for (const direction of ['customer', 'vendor'] as const) {
    const own = corrections.filter((each) => each.direction === direction)
    if (own.length > 0) posted.push(...(await postDirection({ database, business_id, direction, ...options }, own)))
  }
  return posted
}

interface Posting extends PostOptions {
  database: Database
  business_id: string
  direction: Direction
}

const postDirection = async (posting: Posting, corrections: readonly StandingCorrection[]): Promise<Posted[]> => {
  const posted: Posted[] = []
  let unsettled: Unsettled[] = []
  const before = await look(posting, corrections)
  for (const correction of corrections) {
    const there = before.found.get(correction.external_id)
    if (there !== undefined) {
      posted.push(await settle(posting, correction, there, 'it was in Layer already'))
    } else if (!isWanted(correction) && before.problem === null) {
      const { outcome } = await makeObsolete(posting.database, posting.business_id, correction, actOf(posting))
      posted.push({ correction_id: correction.correction_id, status: 'obsolete', says: outcome ?? '', problem: false })
    } else if (before.problem !== null) {
      const says = `nothing was sent, since Layer's listing does not tell whether it is there (${before.problem}): post again`
      posted.push(left(correction, says))
    } else {
      const done = await attempt(posting, correction)
      if ('says' in done) posted.push(done)
      else unsettled.push(done)
    }
  }
  for (let sent = 1; unsettled.length > 0; sent += 1) {
    const open = unsettled
    unsettled = []
    const after = await look(
      posting,
      open.map(({ correction }) => correction),
    )
    for (const each of open) {
      const done = sent < MOST_SENDS && isToSendAgain(each, after) ? await attempt(posting, each.correction) : null
      if (done === null) posted.push(await judge(posting, each, after))
      else if ('says' in done) posted.push(done)
      else unsettled.push(done)
    }
  }
  return posted
}

/** How often a refund is sent while faults may heal; each time the listing is read before. */
const MOST_SENDS = 4

const isToSendAgain = ({ correction, failure, answer }: Unsettled, after: Look): boolean =>
  failure !== null &&
  mayHeal(failure) &&
  answer === null &&
  after.problem === null &&
  !after.found.has(correction.external_id)

/** Not touched, and why. */
const left = ({ correction_id, status }: StandingCorrection, says: string): Posted => ({
  correction_id,
  status,
  says,
  problem: true,
})

const actOf = ({ by, now }: Posting): { by: string; at: string } => ({ by, at: now() })

/** Stores that it is being posted, sends exactly what was approved, and stores what came of it. */
const attempt = async (posting: Posting, approved: StandingCorrection): Promise<Posted | Unsettled> => {
  const { database, business_id, client, onStep } = posting
  const request = readRequest(approved)
  if (request === null) {
    const says =
      'the stored request does not have the SHA-256 that was approved, so it was not sent: reject it, and propose it anew by its id'
    return left(approved, says)
  }
  onStep?.('store', approved.correction_id)
  const change = { status: 'posting', outcome: null } as const
  const note = approved.status === 'posting' ? 'sent again, unchanged' : 'sent'
  const correction = await changeCorrection(database, business_id, approved, change, { ...actOf(posting), note })
  onStep?.('send', correction.correction_id)
  try {
    const { refund, created } =
      request.invoice_id === null
        ? await client.createVendorRefund(business_id, request.body)
        : await client.createInvoiceRefund(business_id, request.invoice_id, request.body)
    if (!refund.payments) return { correction, failure: null, answer: refund }
    return await settle(posting, correction, refund, created ? 'created in Layer' : 'Layer had it already')
  } catch (error) {
    if (!(error instanceof LayerFailure)) throw error
    return { correction, failure: error, answer: null }
  }
}

/** Stores what stands in Layer: as meant, or how it differs. */
const settle = async (
  posting: Posting,
  correction: StandingCorrection,
  refund: LayerRefund,
  how: string,
): Promise<Posted> => {
  posting.onStep?.('settle', correction.correction_id)
  const differing = differences(correction, refund)
  const status = differing.length === 0 ? 'posted' : 'differs'
  const outcome = [`${how} as refund ${refund.id}`, ...differing].join('; ')
  const change = { status, outcome, layer_refund_id: refund.id } as const
  await changeCorrection(posting.database, posting.business_id, correction, change, actOf(posting))
  return { correction_id: correction.correction_id, status, says: outcome, problem: differing.length > 0 }
}

/** After a lost, unreadable or refusing answer only the listing tells what Layer did. */
const judge = async (posting: Posting, { correction, failure, answer }: Unsettled, after: Look): Promise<Posted> => {
  const there = after.found.get(correction.external_id) ?? answer
  if (there) return await settle(posting, correction, there, 'found in Layer')
  const { correction_id } = correction
  const certain = failure !== null && (failure.kind === 'refused' || failure.kind === 'unauthorized')
  const status = certain && after.problem === null ? 'failed' : 'posting'
  const why = failure === null ? 'no answer' : certain ? refusalSentence(correction, failure) : failure.message
  const seen =
    after.problem === null ? "it is not in Layer's listing" : `Layer's listing does not tell (${after.problem})`
  const outcome =
    status === 'failed'
      ? why
      : `it is not known whether Layer made it: ${why}; ${seen}. Post again: it is never made twice`
  await changeCorrection(posting.database, posting.business_id, correction, { status, outcome }, actOf(posting))
  return { correction_id, status, says: outcome, problem: true }
}

/** Reads the whole listing, and keeps of it the refunds that corrections would create. */
const look = async (
  { client, business_id, direction }: Posting,
  corrections: readonly StandingCorrection[],
): Promise<Look> => {
  const wanted = new Set(corrections.map(({ external_id }) => external_id))
  const found = new Map<string, LayerRefund>()
  const reader = {
    begin: () => undefined,
    take: ({ contents }: { contents: readonly Buffer[] }) => {
      for (const content of contents) {
        const read = layerRefund.safeParse(parsed(content.toString('utf8')))
        if (!read.success) continue
        for (const id of externalIds(read.data)) if (wanted.has(id) && !found.has(id)) found.set(id, read.data)
      }
    },
    settle: async () => undefined,
  }
  const { problem, maybe_cut } =
    direction === 'customer'
      ? await client.listInvoiceRefunds(business_id, reader)
      : await client.listVendorRefunds(business_id, reader)
  return { found, problem: problem ?? (maybe_cut ? MAYBE_CUT : null) }
}

const MAYBE_CUT = 'exactly 100 refunds came, there may be more'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
