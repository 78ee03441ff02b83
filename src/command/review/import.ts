/** `tieout review import`: decisions that were written into a saved workpaper, line by line. */

import { resolve } from 'node:path'
import type { BusinessConfig } from '../../config/config.ts'
import { UsageFault } from '../../core/errors.ts'
import { withBusinessLock } from '../../database/locks.ts'
import type { Job, Result } from '../../job.ts'
import { counted } from '../../report/messages/phrases.ts'
import type { WrittenLine } from '../../report/xlsx/read-back.ts'
import { decideEach, refusals } from '../../review/decide.ts'
import type { Deed } from '../../review/deeds.ts'
import type { Act } from '../../review/repairs.ts'
import { deedText, planLine } from '../../review/worksheet.ts'
import { actOf } from '../person.ts'
import { isAgreed } from './ask.ts'
import { findingsOfIds } from './choose.ts'
import { PATIENCE } from './decide.ts'
import type { ReviewFlags } from './flags.ts'

/** What comes of a line: `reason` says why where it is refused. */
interface Line {
  written: WrittenLine
  business: BusinessConfig | null
  deeds: Deed[]
  already: string[]
  reason: string | null
}

export const importWorkbook = async (job: Job, given: readonly string[], flags: ReviewFlags): Promise<Result> => {
  const [path, ...others] = given
  if (path === undefined || others.length > 0)
    throw new UsageFault(`review import: found ${given.length} files, expected one`)
  const { readBack } = await import('../../report/xlsx/read-back.ts')
  const act = actOf(job, flags.by === undefined ? {} : { by: flags.by })
  const lines = await plannedLines(job, await readBack(resolve(path)), act)
  await inEachBusiness(job, lines, (business, own) =>
    job.database.transaction(
      (db) =>
        refusals(
          db,
          business,
          act,
          own.map(({ deeds }) => deeds),
        ),
      'repeatable read',
    ),
  )
  const asking = lines.filter(({ reason, deeds }) => reason === null && deeds.length > 0)
  if (flags.dryRun || asking.length === 0) return resultOf(lines, act, 'would')
  if (!flags.yes) process.stderr.write(`${lines.map((line) => lineText(line, 'would')).join('\n')}\n`)
  if (!(await isAgreed(`${counted(asking.length, 'line')} of ${path} to be decided`, flags.yes === true)))
    return { ...resultOf(lines, act, 'would'), text: 'nothing was decided' }
  await inEachBusiness(job, lines, (business, own) =>
    withBusinessLock(
      job.database,
      business,
      job.log,
      () =>
        job.database.transaction((db) =>
          decideEach(
            db,
            business,
            act,
            own.map(({ deeds }) => deeds),
          ),
        ),
      PATIENCE,
    ),
  )
  return resultOf(lines, act, 'did')
}

/** What each line asks for, held against the findings as they stand. */
const plannedLines = async (job: Job, written: readonly WrittenLine[], { by }: Act): Promise<Line[]> => {
  const chosen = await findingsOfIds(job, [...new Set(written.map(({ discrepancy_id }) => discrepancy_id))])
  const first = new Map<string, number>()
  return written.map((line) => {
    const { business_id, discrepancy_id, row } = line
    const business = job.businesses.find(({ id }) => id === business_id) ?? null
    const refused = (reason: string): Line => ({ written: line, business, deeds: [], already: [], reason })
    if (business === null) return refused('its business is none of those chosen')
    const own = chosen.find((each) => each.business === business)
    const finding = own?.findings.find(({ id }) => id === discrepancy_id)
    if (finding === undefined) return refused('there is no such finding any more')
    const before = first.get(discrepancy_id)
    if (before !== undefined) return refused(`line ${before} is of the same finding: write into one of them`)
    first.set(discrepancy_id, row)
    const plan = planLine(line, finding, by)
    if (plan.problem !== null) return refused(plan.problem)
    return { written: line, business, deeds: plan.deeds, already: plan.already, reason: null }
  })
}

/** Has the lines that ask for something judged by business, and notes why some are refused. */
const inEachBusiness = async (
  job: Job,
  lines: readonly Line[],
  judge: (business: BusinessConfig, own: readonly Line[]) => Promise<(string | null)[]>,
): Promise<void> => {
  for (const business of job.businesses) {
    const own = lines.filter((line) => line.business === business && line.reason === null && line.deeds.length > 0)
    if (own.length === 0) continue
    const reasons = await judge(business, own)
    own.forEach((line, place) => {
      line.reason = reasons[place] ?? null
    })
  }
}

const lineText = ({ written, deeds, already, reason }: Line, tense: 'would' | 'did'): string => {
  const which = `  line ${written.row}  ${written.discrepancy_id.slice(0, 10)}: `
  if (reason !== null) return `${which}refused: ${reason}`
  const own = deeds.map(({ decision }) => deedText(decision)).join(', ')
  const so = already.length === 0 ? [] : [`${already.join(', ')} already`]
  return which + [...(own === '' ? [] : [tense === 'would' ? `would be ${own}` : own]), ...so].join('; ')
}

const resultOf = (lines: readonly Line[], { by, at }: Act, tense: 'would' | 'did'): Result => {
  const refused = lines.filter(({ reason }) => reason !== null).length
  const decided = lines.filter(({ reason, deeds }) => reason === null && deeds.length > 0).length
  const done = tense === 'would' ? 'to be decided' : `decided by ${by}`
  const counts = [
    `${counted(decided, 'line')} ${done}`,
    ...[`${lines.length - decided - refused} so already`, `${refused} refused`],
  ]
  const outcomeOf = ({ reason, deeds }: Line): string =>
    reason !== null ? 'refused' : deeds.length === 0 ? 'already' : tense === 'would' ? 'would' : 'done'
  return {
    text:
      lines.length === 0
        ? 'nothing is written in it'
        : [...lines.map((line) => lineText(line, tense)), counts.join(', ')].join('\n'),
    document: {
      schema: 'tieout.review-import/1',
      ...{ by, at },
      lines: lines.map((line) => ({
        ...{ line: line.written.row, business_id: line.written.business_id },
        ...{ discrepancy_id: line.written.discrepancy_id, outcome: outcomeOf(line), reason: line.reason },
        decisions: line.deeds.map(({ decision, note }) => ({ ...decision, note })),
      })),
    },
    exit: refused === 0 ? 0 : refused === lines.length ? 1 : 4,
  }
}
