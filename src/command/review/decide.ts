/** `tieout review acknowledge | resolve | reopen | assign | comment`: decisions, one by one or by filter. */

import { UsageFault } from '../../core/errors.ts'
import { isDate } from '../../core/instant.ts'
import { withBusinessLock } from '../../database/locks.ts'
import type { Job, Result } from '../../job.ts'
import { exitOfOutcomes, outcomeOf } from '../../night/business-runs.ts'
import type { FindingFilter } from '../../report/finding-filter.ts'
import { stateOf } from '../../report/state.ts'
import { checkDecision, type Decided, decide } from '../../review/decide.ts'
import { type Decision, RESOLUTIONS } from '../../review/deeds.ts'
import { wouldChange } from '../../review/judge.ts'
import type { Act } from '../../review/repairs.ts'
import { actOf } from '../person.ts'
import { isAgreed } from './ask.ts'
import { type Chosen, findingsMeant, findingsNamed } from './choose.ts'
import type { ReviewFlags } from './flags.ts'
import { countText, findingLine } from './list.ts'

/** Seconds that a decision waits for a run at work on its business. */
export const PATIENCE = 5

/** The decision that the flags come to. Throws UsageFault. */
export const decisionOf = (action: Decision['action'], { as, to, due }: ReviewFlags): Decision => {
  if (action === 'resolve') {
    const resolution = RESOLUTIONS.find((each) => each === as?.trim().toLowerCase())
    if (resolution) return { action, as: resolution }
    throw new UsageFault(`resolve --as ${as ?? ''}: expected one of ${RESOLUTIONS.join(', ')}`)
  }
  if (action !== 'assign') return { action }
  const owner = to?.trim() ?? ''
  if (owner === '') throw new UsageFault('assign: found no owner, expected --to NAME, or --to nobody')
  if (due !== undefined && !isDate(due)) throw new UsageFault(`--due ${due}: expected a date such as 2026-12-01`)
  const is_nobody = owner.toLowerCase() === 'nobody'
  return { action, owner: is_nobody ? null : owner, due_on: is_nobody ? null : (due ?? null) }
}

/** Decides about findings by their ids, or about all that the filter means and that the decision would change. */
export const decideFindings = async (
  job: Job,
  decision: Decision,
  chosen_by: readonly string[] | FindingFilter,
  flags: ReviewFlags,
): Promise<Result> => {
  const act = actOf(job, flags)
  checkDecision(decision, act.by, act.note)
  const is_filter = !Array.isArray(chosen_by)
  const chosen = is_filter
    ? changed(decision, await findingsMeant(job, chosen_by as FindingFilter))
    : await findingsNamed(job, chosen_by as readonly string[])
  if (is_filter && chosen.length === 0) return resultOf(decision, act, [], 'no finding is meant: nothing was decided')
  const said = chosen.map(
    ({ line, findings }) => `${line.name}: ${countText(findings, line.currency)} to ${decision.action}`,
  )
  if (is_filter && !(await isAgreed(said.join('; '), flags.yes === true)))
    return resultOf(decision, act, [], 'nothing was decided')
  const outcomes = []
  for (const each of chosen) outcomes.push(await decided(job, decision, act, each))
  return resultOf(decision, act, outcomes, outcomes.map((outcome) => outcomeText(decision, act, outcome)).join('\n'))
}

/** Without what the decision would leave as it is. */
const changed = (decision: Decision, chosen: readonly Chosen[]): Chosen[] =>
  chosen
    .map((each) => ({ ...each, findings: each.findings.filter((finding) => wouldChange(decision, finding)) }))
    .filter(({ findings }) => findings.length > 0)

type Outcome = Awaited<ReturnType<typeof decided>>

const decided = async (job: Job, decision: Decision, act: Act, { business, line, findings }: Chosen) => {
  const deeds = findings.map((finding) => ({
    decision,
    note: act.note,
    taken: { discrepancy_id: finding.id, ...stateOf(finding) },
  }))
  const outcome = await outcomeOf<Decided[]>(job, business, async () => ({
    result: await withBusinessLock(
      job.database,
      business,
      job.log,
      (own) => own.transaction((db) => decide(db, business, act, deeds)),
      PATIENCE,
    ),
    parts: [{ problem: null }],
  }))
  return { ...outcome, line, findings }
}

const DONE: Readonly<Record<Decision['action'], string>> = {
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  reopen: 'reopened',
  assign: 'assigned',
  comment: 'commented',
}

const outcomeText = (decision: Decision, { by }: Act, { name, problems, result, line, findings }: Outcome): string => {
  if (result === null) return [name, ...problems.map((problem) => `  FAILED: ${problem}`)].join('\n')
  const as = decision.action === 'resolve' ? ` as ${decision.as}` : ''
  const to =
    decision.action === 'assign'
      ? ` to ${decision.owner ?? 'nobody'}${decision.due_on === null ? '' : `, due ${decision.due_on}`}`
      : ''
  const own = findings.map((finding) => `  ${findingLine(finding, line.currency)}`)
  return `${name}: ${countText(findings, line.currency)} ${DONE[decision.action]}${as}${to} by ${by}\n${own.join('\n')}`
}

const resultOf = (decision: Decision, { by, at }: Act, outcomes: readonly Outcome[], text: string): Result => ({
  text,
  document: {
    schema: `tieout.review-${decision.action}/1`,
    ...{ by, at },
    businesses: outcomes.map(({ result, line: _line, findings: _findings, ...outcome }) => ({
      ...outcome,
      decisions: result ?? [],
    })),
  },
  exit: exitOfOutcomes(outcomes),
})
