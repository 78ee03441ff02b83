/** What happened to a finding, in sentences. */

interface Happened {
  at: string
  /** 'run' or a person */
  by: string
  kind: string
  from: string | null
  to: string | null
  note: string | null
  as: string | null
  due_on: string | null
}

/** '2026-11-20 12:00 UTC' */
export const momentText = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

const RUN: Readonly<Record<string, string>> = {
  opened: 'A run found it',
  reopened: 'A run found it again or otherwise than it was decided: it is open again',
  overdue: 'A run found that the time to wait for it is over',
  waiting: 'A run found that it is waited for again',
  cleared: 'A run no longer found it',
}

const deedOf = ({ by, kind, as, to }: Happened): string => {
  if (by === 'run') return RUN[kind] ?? `A run: ${kind}`
  if (kind === 'resolved') return `${by} resolved it as ${as}`
  if (kind === 'assigned') return to === null ? `${by} took it` : `${by} assigned it`
  return kind === 'commented' ? `${by} noted` : `${by} ${kind} it`
}

/** Of an assignment: to whom it went, or from whom it was taken. */
const whomOf = ({ kind, from, to, due_on }: Happened): string => {
  if (kind !== 'assigned') return ''
  if (to === null) return ` from ${from}`
  return ` to ${to}${due_on === null ? '' : `, due ${due_on}`}`
}

/** 'Ada resolved it as waived on 2026-11-20 12:00 UTC: "too small"' */
export const historySentence = (event: Happened): string => {
  const note = event.by === 'run' || event.note === null ? '' : `: "${event.note}"`
  return `${deedOf(event)} on ${momentText(event.at)}${whomOf(event)}${note}`
}
