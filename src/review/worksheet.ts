/** What persons wrote into the lines of a workbook, as decisions. Pure: what a line asks for, what holds already, what is wrong. */

import { isDate } from '../core/instant.ts'
import { samePerson } from '../core/person.ts'
import { type Decision, type Deed, RESOLUTIONS, type Taken } from './deeds.ts'

/** A line as it was written; '' where a cell is empty. */
export interface WrittenLine {
  decision: string
  note: string
  owner: string
  due_on: string
  discrepancy_id: string
  event_number: string
  row_hash: string
}

/** The finding of the line as it stands now. */
export interface FindingNow {
  status: string
  decision: { as: string | null; note: string | null } | null
  owner: string | null
  owner_due_on: string | null
  comments: readonly { by: string; note: string }[]
}

/** What a line asks for: decisions in their order, and beside them what is so already; or why it cannot be read. */
export type LinePlan = { problem: string } | { problem: null; deeds: Deed[]; already: string[] }

/** An owner that is none. */
const NOBODY = 'nobody'

/** Reads a line: first the owner, then the decision; a note without a decision is a comment. `by`: whose workbook it is. */
export const planLine = (line: WrittenLine, finding: FindingNow, by: string): LinePlan => {
  if (!/^\d{1,18}$/.test(line.event_number) || line.row_hash === '')
    return { problem: 'its hidden columns were changed: it does not say any more in which state the finding was' }
  const taken: Taken = {
    discrepancy_id: line.discrepancy_id,
    row_hash: line.row_hash,
    event_number: BigInt(line.event_number),
  }
  const plan = { deeds: [] as Deed[], already: [] as string[] }
  const owner = ownerOf(line, finding)
  if (typeof owner === 'string') return { problem: owner }
  const decision = decisionOf(line)
  if (typeof decision === 'string') return { problem: decision }
  if (owner !== null) {
    const { owner: name, due_on } = owner
    const is_so = samePerson(finding.owner ?? '', name ?? '') && finding.owner_due_on === due_on
    if (is_so) plan.already.push(name === null ? 'nobody has it' : `assigned to ${name}`)
    else plan.deeds.push({ decision: { action: 'assign', ...owner }, note: null, taken })
  }
  if (decision !== null) {
    const note = line.note === '' ? null : line.note
    if (isDecided(decision, note, finding, by)) plan.already.push(deedText(decision))
    else plan.deeds.push({ decision, note, taken })
  }
  return { problem: null, ...plan }
}

/** What a decision does, in words. */
export const deedText = (decision: Decision): string => {
  if (decision.action === 'resolve') return `resolved as ${decision.as}`
  if (decision.action === 'comment') return 'noted'
  if (decision.action !== 'assign') return decision.action === 'reopen' ? 'reopened' : 'acknowledged'
  const due = decision.due_on === null ? '' : `, due ${decision.due_on}`
  return decision.owner === null ? 'assigned to nobody' : `assigned to ${decision.owner}${due}`
}

const isDecided = (decision: Decision, note: string | null, finding: FindingNow, by: string): boolean => {
  if (decision.action === 'acknowledge') return finding.status === 'acknowledged'
  if (decision.action === 'comment')
    return finding.comments.some((comment) => samePerson(comment.by, by) && comment.note === note)
  if (decision.action !== 'resolve' || finding.status !== 'resolved') return false
  return finding.decision?.as === decision.as && finding.decision.note === note
}

/** Null: none is asked for; a text: what is wrong with it. */
const decisionOf = ({ decision, note }: WrittenLine): Decision | string | null => {
  const word = decision.toLowerCase()
  if (word === '') return note === '' ? null : { action: 'comment' }
  if (word === 'acknowledged') return { action: 'acknowledge' }
  const as = RESOLUTIONS.find((each) => each === word)
  if (as === undefined) return `the decision is '${decision}', expected one of acknowledged, ${RESOLUTIONS.join(', ')}`
  return note === '' ? `it is ${as} without a note: say why` : { action: 'resolve', as }
}

const ownerOf = (
  { owner, due_on }: WrittenLine,
  now: FindingNow,
): { owner: string | null; due_on: string | null } | string | null => {
  if (owner === '' && due_on === '') return null
  if (due_on !== '' && !isDate(due_on)) return `the due date is '${due_on}', expected a date such as 2026-12-01`
  if (owner.toLowerCase() === NOBODY) return { owner: null, due_on: null }
  const name = owner === '' ? now.owner : owner
  return name === null ? 'it has a due date and no owner' : { owner: name, due_on: due_on === '' ? null : due_on }
}
