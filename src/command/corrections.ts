/** `tieout corrections`: refunds that the ledger misses, proposed, approved by a person, created in Layer. */

import type { BusinessConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { approveCorrection, giveTarget, rejectCorrection } from '../corrections/decide.ts'
import { POSTABLE, type Posted, postCorrections } from '../corrections/post.ts'
import { proposeCorrections } from '../corrections/propose.ts'
import { readCandidates } from '../corrections/sources.ts'
import { readCorrectionEvents, readCorrections, type StandingCorrection } from '../corrections/store.ts'
import type { Job, Result } from '../job.ts'
import { layerClientOf } from '../night/pull-step.ts'
import { once } from '../night/steps.ts'
import { type Action, byBeginnings, type CorrectionFlags, personOf, targetOf } from './correction-choice.ts'
import {
  approvedText,
  correctionDetail,
  correctionDocument,
  dryRunText,
  listedLines,
  postedText,
  proposedText,
} from './correction-text.ts'
import { overBusinesses } from './over-businesses.ts'

/** A correction, or a finding that one may be proposed for, and whose it is. */
interface Named {
  business: BusinessConfig
  correction_id: string
  discrepancy_id: string
}

const everything = async (job: Job): Promise<(Named & { correction: StandingCorrection })[]> => {
  const found: (Named & { correction: StandingCorrection })[] = []
  for (const business of job.businesses) {
    for (const correction of await readCorrections(job.database, business.id)) {
      const { correction_id, discrepancy_id } = correction
      found.push({ business, correction_id, discrepancy_id, correction })
    }
  }
  return found
}

const idsOf = ({ correction_id, discrepancy_id }: Named): string[] => [correction_id, discrepancy_id]

/** Does what is asked. */
export const corrections = async (
  job: Job,
  action: Action,
  ids: readonly string[],
  flags: CorrectionFlags,
): Promise<Result> => {
  if (action === 'list') return await list(job)
  if (action === 'show') return await show(job, ids)
  const target = targetOf(flags)
  if (target !== null && ids.length !== 1) {
    throw new UsageFault(`corrections ${action}: a target is given for one correction: found ${ids.length} ids`)
  }
  if (action === 'propose') return await propose(job, ids, flags)
  if (action === 'post') return await post(job, ids, flags)
  return await decide(job, action, ids, flags)
}

const list = async (job: Job): Promise<Result> => {
  const all = await everything(job)
  const text = job.businesses.map((business) => {
    const own = all.filter((each) => each.business === business).flatMap(({ correction }) => listedLines(correction))
    return [business.name, ...(own.length === 0 ? ['no corrections'] : own).map((line) => `  ${line}`)].join('\n')
  })
  return {
    text: text.join('\n'),
    document: { corrections: all.map(({ business, correction }) => correctionDocument(business.id, correction)) },
  }
}

const show = async (job: Job, ids: readonly string[]): Promise<Result> => {
  const texts: string[] = []
  const documents: object[] = []
  for (const { business, correction } of byBeginnings(ids, await everything(job), idsOf)) {
    const events = await readCorrectionEvents(job.database, business.id, correction.correction_id)
    const { request_path, request_body, request_sha256 } = correction
    texts.push(correctionDetail(correction, events))
    documents.push({
      ...correctionDocument(business.id, correction),
      request:
        request_path === null ? null : { method: 'POST', path: request_path, body: request_body, request_sha256 },
      events,
    })
  }
  const [only, ...others] = documents
  const document =
    only !== undefined && others.length === 0
      ? { schema: 'tieout.correction/1', ...only }
      : { schema: 'tieout.corrections/1', corrections: documents }
  return { text: texts.join('\n\n'), document }
}

/** The businesses of what was chosen, in the order of the configuration. */
const businessesOf = (job: Job, chosen: readonly Named[]): BusinessConfig[] =>
  job.businesses.filter((business) => chosen.some((each) => each.business === business))

const propose = async (job: Job, ids: readonly string[], flags: CorrectionFlags): Promise<Result> => {
  const target = targetOf(flags)
  const anonymous = target === null && !job.businesses.some(({ four_eyes }) => four_eyes)
  const act = { by: personOf(flags, 'propose', anonymous), at: job.now() }
  const known: Named[] = await everything(job)
  for (const business of ids.length === 0 ? [] : job.businesses) {
    for (const row of await readCandidates(job.database, business.id)) {
      if (!known.some((each) => each.correction_id === row.correction_id)) known.push({ business, ...row })
    }
  }
  const chosen = byBeginnings(ids, known, idsOf)
  const businesses = ids.length === 0 ? job.businesses : businessesOf(job, chosen)
  return await overBusinesses(job, 'tieout.corrections-propose/1', businesses, async ({ id }, database) => {
    const only = ids.length === 0 ? null : new Set(chosen.map(({ discrepancy_id }) => discrepancy_id))
    const said = await proposeCorrections(database, id, act, only)
    if (target === null) return { text: proposedText(said), document: said }
    const [reason] = said.left_out.map((each) => each.reason)
    if (reason !== undefined) throw new UsageFault(`no refund is proposed for it: ${reason}`)
    const stored = await readCorrections(database, id)
    const [own] = stored.filter((each) => chosen.some(({ correction_id }) => correction_id === each.correction_id))
    if (own === undefined) throw new UsageFault(`${ids[0]}: its discrepancy is not open any more`)
    const given = await giveTarget(database, id, own, target, act)
    return { text: approvedText(given), document: { ...said, corrections: [correctionDocument(id, given)] } }
  })
}

const decide = async (
  job: Job,
  action: 'approve' | 'reject',
  ids: readonly string[],
  flags: CorrectionFlags,
): Promise<Result> => {
  const act = { by: personOf(flags, action, false), at: job.now(), note: flags.note?.trim() || null }
  const target = targetOf(flags)
  const despite = flags.despite?.trim() || null
  const chosen = byBeginnings(ids, await everything(job), idsOf)
  return await overBusinesses(
    job,
    `tieout.corrections-${action}/1`,
    businessesOf(job, chosen),
    async ({ id, four_eyes }, database) => {
      const done = await database.transaction(async (db) => {
        const decided: StandingCorrection[] = []
        for (const correction of await readCorrections(db, id)) {
          if (!chosen.some(({ correction_id }) => correction_id === correction.correction_id)) continue
          decided.push(
            action === 'approve'
              ? await approveCorrection(db, id, correction, { ...act, four_eyes, target, despite })
              : await rejectCorrection(db, id, correction, act),
          )
        }
        return decided
      })
      return {
        text: done.map(approvedText).join('\n'),
        document: { corrections: done.map((each) => correctionDocument(id, each)) },
      }
    },
  )
}

const post = async (job: Job, ids: readonly string[], flags: CorrectionFlags): Promise<Result> => {
  const known = await everything(job)
  const named = byBeginnings(ids, known, idsOf)
  const chosen = ids.length === 0 ? known.filter(({ correction }) => POSTABLE.includes(correction.status)) : named
  for (const { correction } of named) {
    if (POSTABLE.includes(correction.status) || correction.layer_refund_id !== null) continue
    throw new UsageFault(
      `correction ${correction.correction_id} is ${correction.status.replace('_', ' ')}: only approved ones are posted`,
    )
  }
  if (chosen.length === 0) {
    const document = { schema: 'tieout.corrections-post/1', command: job.name, businesses: [] }
    return { text: 'No correction is approved: nothing to post', document }
  }
  if (flags.dryRun) return dryRun(chosen.map(({ correction }) => correction))
  const client = once(() => layerClientOf(job))
  return await overBusinesses(
    job,
    'tieout.corrections-post/1',
    businessesOf(job, chosen),
    async ({ id, name }, database) => {
      job.progress.step(`${name}: creating refunds in Layer`)
      const own = (await readCorrections(database, id)).filter(({ correction_id }) =>
        chosen.some((each) => each.correction_id === correction_id),
      )
      // one that differs is named to have it looked at again, once it was put right in Layer
      const isReady = ({ status }: StandingCorrection): boolean => POSTABLE.includes(status) || status === 'differs'
      const ready = own.filter(isReady)
      const posted = await postCorrections(database, id, ready, {
        client: client(),
        by: personOf(flags, 'post', true),
        now: job.now,
        onStep: (step, correction_id) => job.progress.note(`${step} ${correction_id}`),
      })
      const before = own.filter((each) => !isReady(each)).map(postedBefore)
      const all = [...before, ...posted]
      return {
        text: all.map(postedText).join('\n'),
        document: { corrections: all },
        parts: all.map(({ problem, correction_id, says }) => ({
          problem: problem ? `correction ${correction_id}: ${says}` : null,
        })),
      }
    },
  )
}

const postedBefore = ({ correction_id, status, outcome }: StandingCorrection): Posted => ({
  correction_id,
  status,
  says: `posted before; ${outcome ?? ''}`,
  problem: false,
})

const dryRun = (chosen: readonly StandingCorrection[]): Result => ({
  text: chosen.map(dryRunText).join('\n'),
  document: {
    schema: 'tieout.corrections-requests/1',
    requests: chosen.map(({ correction_id, request_path, request_body, request_sha256 }) => ({
      id: correction_id,
      method: 'POST',
      path: request_path,
      body: request_body === null ? null : JSON.parse(request_body),
      request_sha256,
    })),
  },
})
