/** `tieout close` and `tieout reopen-month`: months signed by a person, or by two. */

import type { BusinessConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { formatMoney } from '../core/money.ts'
import { STEPS, type Step } from '../core/roll-forward.ts'
import { oneLine } from '../core/visible.ts'
import { writeWhole } from '../core/whole-file.ts'
import type { Database } from '../database/connect.ts'
import { withBusinessLock } from '../database/locks.ts'
import type { Flags, Job, Result } from '../job.ts'
import { exitOfOutcomes, outcomeOf } from '../night/business-runs.ts'
import { counted, monthName, processorName } from '../report/messages/phrases.ts'
import {
  type CloseRequest,
  closeMonths,
  type Reviewed,
  reviewMonths,
  type SignedMonth,
  wouldClose,
  wouldReview,
} from '../review/close/close.ts'
import { monthStates } from '../review/close/closed-months.ts'
import type { Content } from '../review/close/content.ts'
import { reopenMonth } from '../review/close/reopen.ts'
import { exportedClose, type ProvedClose, proveCloses } from '../review/close/verify.ts'
import type { Act } from '../review/repairs.ts'
import { actOf, type PersonFlags } from './person.ts'
import { isAgreed } from './review/ask.ts'
import { PATIENCE } from './review/decide.ts'

export interface CloseFlags extends Flags, PersonFlags {
  review?: boolean
  acceptOpen?: string
  verify?: boolean
  export?: string
  dryRun?: boolean
  yes?: boolean
}
export type ReopenFlags = Flags & PersonFlags

/** What is said of one business. */
interface Said {
  text: string[]
  document: object
  /** why it did not come out as asked; the businesses beside it go on */
  problem?: string
}

export const close = async (job: Job, month: string, flags: CloseFlags): Promise<Result> => {
  if (flags.export !== undefined && job.businesses.length !== 1)
    throw new UsageFault(
      `--export: a file holds one business, found ${job.businesses.length}: choose it with --business`,
    )
  if (flags.verify === true && (flags.review === true || flags.acceptOpen !== undefined))
    throw new UsageFault('--verify signs nothing: found it with --review or --accept-open')
  return await eachOf(job, (business) => {
    if (flags.verify === true) return verified(job, business, month, flags)
    return flags.review === true ? reviewed(job, business, month, flags) : signed(job, business, month, flags)
  })
}

export const reopenMonthAsked = async (job: Job, month: string, flags: ReopenFlags): Promise<Result> => {
  const act = actOf(job, flags)
  if (act.note === null) throw new UsageFault('reopen-month: found no note, expected --note TEXT that says why')
  return await eachOf(job, async (business) => {
    const months = await held(job, business, (own) => own.transaction((db) => reopenMonth(db, business.id, month, act)))
    return {
      text: months.map((each) => `${monthName(each)} is open again: ${act.by}, "${act.note}". What was signed is kept`),
      document: { months },
    }
  })
}

/** The same for each business chosen; one that fails does not stop the others. */
const eachOf = async (job: Job, work: (business: BusinessConfig) => Promise<Said>): Promise<Result> => {
  const outcomes = []
  for (const business of job.businesses) {
    outcomes.push(
      await outcomeOf<Said>(job, business, async () => {
        const result = await work(business)
        return { result, parts: [{ problem: result.problem ?? null }] }
      }),
    )
  }
  const lines = outcomes.map(({ name, result, problems }) =>
    [name, ...(result?.text ?? []), ...problems.map((problem) => `FAILED: ${oneLine(problem)}`)].join('\n  '),
  )
  const businesses = outcomes.map(({ result, ...outcome }) => ({ ...outcome, ...result?.document }))
  return { text: lines.join('\n'), document: { businesses }, exit: exitOfOutcomes(outcomes) }
}

const held = async <T>(job: Job, business: BusinessConfig, work: (own: Database) => Promise<T>): Promise<T> =>
  await withBusinessLock(job.database, business, job.log, work, PATIENCE)

/** Whether to go on: with --dry-run not; at a terminal where the person says yes to what is shown. */
const isToGoOn = async (flags: CloseFlags, shown: readonly string[], question: string): Promise<boolean> => {
  if (flags.dryRun === true) return false
  if (!process.stdin.isTTY || !process.stderr.isTTY || flags.yes === true) return true
  process.stderr.write(`${shown.map(oneLine).join('\n')}\n`)
  return await isAgreed(question, false)
}

const signed = async (job: Job, business: BusinessConfig, month: string, flags: CloseFlags): Promise<Said> => {
  const act = actOf(job, flags)
  const reason = flags.acceptOpen?.trim()
  if (reason === '') throw new UsageFault('--accept-open: found no reason, expected why the month is closed so')
  const request: CloseRequest = {
    ...{ month, accept_open: reason ?? null, as_of: flags.asOf === undefined ? null : job.as_of },
    four_eyes: business.four_eyes,
  }
  if (flags.export !== undefined) {
    const states = await monthStates(job.database, business.id)
    if (states.some((state) => state.month === month && state.state === 'closed'))
      return await exported(job, business, month, flags.export)
  }
  const would = await held(job, business, (own) => wouldClose(own, business.id, request, act))
  const shown = would.flatMap((each) => signedText(each, act, true))
  const refused = would.flatMap((each) => each.refused)
  if (refused.length > 0)
    return {
      text: shown,
      document: { months: would.map(signedJson) },
      problem: `nothing was signed: ${refused.join('; ')}`,
    }
  const question = `${business.name}: ${would.map((each) => each.month).join(', ')} to be signed by ${act.by}`
  if (!(await isToGoOn(flags, shown, question)))
    return { text: [...shown, 'nothing was signed'], document: { months: would.map(signedJson) } }
  const months = await held(job, business, (own) => own.transaction((db) => closeMonths(db, business.id, request, act)))
  const done = {
    text: months.flatMap((each) => signedText(each, act, false)),
    document: { months: months.map(signedJson) },
  }
  if (flags.export === undefined) return done
  const { text, document } = await exported(job, business, month, flags.export)
  return { text: [...done.text, ...text], document: { ...done.document, ...document } }
}

const reviewed = async (job: Job, business: BusinessConfig, month: string, flags: CloseFlags): Promise<Said> => {
  const act = actOf(job, flags)
  const would = await held(job, business, (own) => wouldReview(own, business.id, month, act))
  const shown = would.closed.flatMap((each) =>
    contentText(each.content, `${monthName(each.month)}: prepared by ${each.prepared_by}`),
  )
  const question = `${business.name}: ${would.closed.map((each) => each.month).join(', ')} to be signed by ${act.by}`
  if (would.closed.length > 0 && !(await isToGoOn(flags, shown, question)))
    return { text: [...shown, ...voidText(would), 'nothing was signed'], document: reviewedJson(would) }
  const done = await held(job, business, (own) => own.transaction((db) => reviewMonths(db, business.id, month, act)))
  const text = done.closed.flatMap((each) => [
    ...contentText(
      each.content,
      `${monthName(each.month)}: closed, prepared by ${each.prepared_by}, reviewed by ${act.by}`,
    ),
    `  SHA-256 ${each.sha256}`,
  ])
  const said: Said = { text, document: reviewedJson(done) }
  if (done.voided !== null) return { ...said, problem: voidText(done).join(' ') }
  if (flags.export === undefined) return said
  const written = await exported(job, business, month, flags.export)
  return { text: [...text, ...written.text], document: { ...said.document, ...written.document } }
}

const verified = async (job: Job, business: BusinessConfig, month: string, flags: CloseFlags): Promise<Said> => {
  const { closes, chain } = await job.database.transaction(
    (db) => proveCloses(db, business.id, month),
    'repeatable read',
  )
  const problems = [...closes.flatMap((each) => each.problems), ...(chain === null ? [] : [chain])]
  const text = closes.map(
    (each) =>
      `${provedText(each)}; ${each.problems.length === 0 ? 'it is as it was signed' : each.problems.join('; ')}`,
  )
  if (chain === null) text.push('the chain of events holds')
  const said: Said = { text, document: { closes, chain, holds: problems.length === 0 } }
  if (problems.length > 0) return { ...said, problem: `${month} does not hold: ${problems.join('; ')}` }
  if (flags.export === undefined) return said
  const written = await exported(job, business, month, flags.export)
  return { text: [...text, ...written.text], document: { ...said.document, ...written.document } }
}

const exported = async (job: Job, business: BusinessConfig, month: string, path: string): Promise<Said> => {
  const document = await job.database.transaction((db) => exportedClose(db, business.id, month), 'repeatable read')
  await writeWhole(path, (append) => append(Buffer.from(`${JSON.stringify(document, null, 2)}\n`)))
  return {
    text: [`${monthName(month)} is written to ${path}; \`tieout verify ${path}\` proves it on any machine`],
    document: { exported: path },
  }
}

const provedText = ({ month, edition, state, prepared_by, reviewed_by, closed_at, sha256 }: ProvedClose): string => {
  const who = reviewed_by === null ? prepared_by : `${prepared_by} and ${reviewed_by}`
  return `${monthName(month)}, edition ${edition}: ${state ?? 'unknown'}, ${who}${closed_at === null ? '' : `, ${closed_at}`}, SHA-256 ${sha256}`
}

const signedJson = ({ month, state, content, sha256, refused }: SignedMonth): object => ({
  ...{ month, state, sha256, refused, verdict: content.verdict, accept_open: content.accept_open },
  ...{ tie_out: content.tie_out, roll_forward: content.roll_forward, findings: content.findings },
})
const reviewedJson = ({ closed, voided }: Reviewed): object => ({
  months: closed.map(({ content: _content, ...each }) => ({ ...each, state: 'closed' })),
  voided,
})

const voidText = ({ voided }: Reviewed): string[] =>
  voided === null
    ? []
    : [
        `${monthName(voided.month)}: what ${voided.prepared_by} prepared is void, since it would come out different now: ${voided.differences.join('; ')}. Close it anew.`,
      ]

const signedText = ({ month, state, content, sha256 }: SignedMonth, { by }: Act, would: boolean): string[] => {
  const done = state === 'closed' ? 'closed' : 'prepared'
  const head = `${monthName(month)}: ${would ? `to be ${done}` : done} by ${by}`
  const then = state === 'prepared' && !would ? [`  another person reviews it: tieout close ${month} --review`] : []
  return [...contentText(content, head), ...(would ? [] : [`  SHA-256 ${sha256}`]), ...then]
}

type TieOut = { direction: string; processor: string; currency: string; measure: string } & Record<
  'ledger' | 'processor_total' | 'difference',
  number | string
>
type Rolled = { direction: string; processor: string; currency: string } & Record<
  Step,
  { amount: number | string; count: number | string }
>

/** What is signed, in figures. */
const contentText = (content: Content, head: string): string[] => {
  const money = (minor: number | string, currency: string): string => formatMoney(BigInt(minor), currency)
  const lines = (content.tie_out as TieOut[]).filter(({ measure }) => measure === 'amount')
  const rolled = (content.roll_forward as Rolled[]).filter(
    ({ opening, closing }) => BigInt(opening.count) !== 0n || BigInt(closing.count) !== 0n,
  )
  const statuses = (content.findings as { status: string }[]).map(({ status }) => status)
  const resolved = statuses.filter((status) => status === 'resolved').length
  return [
    `${head}; ${content.verdict}${content.accept_open === null ? '' : `, accepted: "${content.accept_open}"`}`,
    ...lines.map(
      ({ processor, direction, currency, ledger, processor_total, difference }) =>
        `  ${processorName(processor)}, ${direction} refunds: ledger ${money(ledger, currency)}, processor ${money(processor_total, currency)}, difference ${money(difference, currency)}`,
    ),
    ...rolled.map(({ processor, direction, currency, ...steps }) => {
      const moved = STEPS.filter(
        (step) => step === 'opening' || step === 'closing' || BigInt(steps[step].amount) !== 0n,
      )
      const said = moved.map((step) => `${step} ${money(steps[step].amount, currency)}`).join(', ')
      return `  ${processorName(processor)}, ${direction} refunds, open items: ${said} (${counted(Number(steps.closing.count), 'finding')})`
    }),
    `  ${counted(statuses.length - resolved, 'finding')} open, ${resolved} resolved; ${counted(content.sources.length, 'source')}`,
  ]
}
