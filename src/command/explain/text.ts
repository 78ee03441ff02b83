/** The explanation for people: what it is, where it stands, each pass in turn, the findings, the SQL. Pure. */

import { formatMoney } from '../../core/money.ts'
import { dateInZone } from '../../core/period.ts'
import { oneLine } from '../../core/visible.ts'
import { counted } from '../../core/words.ts'
import type { Pass } from '../../matching/types.ts'
import { dueText } from '../../report/messages/phrases.ts'
import { indented } from '../../report/text/text-layout.ts'
import type { Explanation } from './explanation.ts'
import { type LegDetail, legLine, namesOf, type RowDetail, rowLine, whyLeftOut } from './items.ts'
import type { Candidate, PassStory } from './passes.ts'
import { passName } from './recomputed.ts'
import type { MatchMade, MatchTotal, StoredMatchDetail } from './stored.ts'
import { stateOf } from './subject.ts'

/** So many candidates of a pass are shown; --json has all. */
const SHOWN = 8

export function explanationText(explanation: Explanation): string {
  const { subject, stored, findings, sql } = explanation
  const { name, reconciled_as_of, time_zone } = subject.business
  const run = reconciled_as_of === null ? 'no run yet' : `last run as of ${reconciled_as_of}`
  const parts = [
    `${oneLine(`${name}: ${subject.asked} (${run})`)}\n`,
    section('What it is', whatItIs(explanation)),
    section('Where it stands', [
      ...stored.matches.flatMap((match) => matchText(match, explanation)),
      ...openText(explanation),
      ...stored.rulings.map(
        ({ kind, by_name, at, note }) =>
          `${by_name} ruled ${kind} on ${at.slice(0, 10)}${note === null ? '.' : `: ${note}`}`,
      ),
      ...(findings.length === 0 ? ['No finding names it.'] : []),
    ]),
    ...findings.map((finding) =>
      section(`Finding ${finding.id}: ${finding.code} (${finding.class}, ${finding.status})`, [
        finding.message,
        ...finding.effects.map(
          ({ month, processor, currency, ...measures }) =>
            `Effect in ${month}, ${processor}: ${measuresText(measures, currency)}.`,
        ),
        ...(finding.effects.length === 0 ? ['It has no effect on the tie-out.'] : []),
        ...(finding.due_on === null
          ? []
          : [`It is ${dueText(finding.due_on, dateInZone(Date.parse(finding.last_seen_at), time_zone))}.`]),
        finding.status === 'cleared' ? `Last found as of ${finding.last_seen_at}.` : finding.suggestion,
      ]),
    ),
    passesText(explanation),
    ...differencesText(explanation),
  ]
  const statements = sql.map(({ title, text }) => `-- ${title}\n${text}\n`)
  return `${parts.join('\n')}\nSQL that shows the figures\n\n${statements.join('\n')}`.trimEnd()
}

/** Lines that begin with blanks stand further in. */
const section = (title: string, lines: readonly string[]): string => {
  const body = lines.map((line) => indented(line.trimStart(), 2 + line.length - line.trimStart().length))
  return `${oneLine(title)}\n${body.join('')}`
}

function whatItIs({ subject, findings, legs, rows }: Explanation): string[] {
  const [finding] = findings
  const head = subject.discrepancy_id !== null && finding ? [`Finding ${finding.id}, ${finding.code}, about:`] : []
  const none = legs.length + rows.length === 0 ? ['no leg and no row, but a month or a refund as a whole'] : []
  return [...head, ...none, ...legs.flatMap(legText), ...rows.flatMap(rowText)]
}

function legText(leg: LegDetail): string[] {
  const ids = [
    ...(leg.external_id === null ? [] : [`external id ${leg.external_id}`]),
    ...(leg.refund_external_id === null ? [] : [`refund's external id ${leg.refund_external_id}`]),
    ...(leg.reference_keys.length === 0 ? [] : [`references ${leg.reference_keys.join(', ')}`]),
  ]
  return [
    `${upper(legLine(leg))}${leg.direction === 'vendor' ? ', of a vendor' : ''}`,
    `  ${feesText(leg)}${leg.status === null ? '' : `; refund ${leg.status}`}${leg.method === null ? '' : `; ${leg.method}`}`,
    ...(ids.length === 0 ? ['  no ids and references of the processor'] : [`  ${ids.join('; ')}`]),
  ]
}

function rowText(row: RowDetail): string[] {
  const ids = [
    ...(row.refund_id === null ? [] : [`refund ${row.refund_id}`]),
    ...(row.payment_ids.length === 0 ? [] : [`payment ${row.payment_ids.join(', ')}`]),
    ...(row.reference_ids.length === 0 ? [] : [`references ${row.reference_ids.join(', ')}`]),
    ...(row.payout_id === null ? [] : [`payout ${row.payout_id}`]),
    ...(row.reverses === null ? [] : [`takes back row ${row.reverses}`]),
  ]
  return [`${upper(rowLine(row))}`, `  ${[feesText(row), ...ids].join('; ')}`]
}

const feesText = ({ refund_fee, returned_fee, currency }: LegDetail | RowDetail): string =>
  `refund fee ${formatMoney(refund_fee, currency)}, returned fee ${formatMoney(returned_fee, currency)}`

interface Measures {
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}

/** 'amount 5.00 USD, refund fee -0.30 USD' */
function measuresText({ amount, refund_fee, returned_fee }: Measures, currency: string): string {
  const parts = [
    { word: 'amount', value: amount },
    { word: 'refund fee', value: refund_fee },
    { word: 'returned fee', value: returned_fee },
  ].filter(({ value }) => value !== 0n)
  return parts.map(({ word, value }) => `${word} ${formatMoney(value, currency)}`).join(', ')
}

function matchText(match: StoredMatchDetail, { details }: Explanation): string[] {
  const legs = match.leg_nos.flatMap((leg_no) => details.leg(leg_no) ?? [])
  const rows = match.row_nos.flatMap((row_no) => details.row(row_no) ?? [])
  return [
    `Matched by ${passName(match.pass)}:`,
    ...[...legs.map(legLine), ...rows.map(rowLine)].map((line) => `  ${line}`),
    ...match.totals.map(totalText),
    madeText(match.made),
  ]
}

const totalText = (total: MatchTotal): string => {
  const { currency, ledger_amount, processor_amount } = total
  const differs = measuresText(total, currency)
  const rest = differs === '' ? 'no measure differs' : `ledger less processor: ${differs}`
  return `Ledger ${formatMoney(ledger_amount, currency)}, processor ${formatMoney(processor_amount, currency)}; ${rest}.`
}

export function madeText({ job, run_id, not_before, not_after }: MatchMade): string {
  if (not_before === null) {
    return `Which run made it is not known${not_after === null ? '' : `; it was there as of ${not_after}`}.`
  }
  if (not_before === not_after) return `The run as of ${not_before} (${job}, run ${run_id}) made it.`
  const until = not_after === null ? '' : ` up to that as of ${not_after}`
  return `The run as of ${not_before} (${job}, run ${run_id}) made it, the first that had all of it, or a later one${until}.`
}

function openText({ stored, passes, details, islands }: Explanation): string[] {
  const said = (item: LegDetail | RowDetail, name: string): string[] => {
    const others = item.island_no === null ? null : (islands.get(item.island_no) ?? null)
    const among =
      others === null
        ? ''
        : ` among ${namesOf(
            others.leg_nos.flatMap((leg_no) => details.leg(leg_no) ?? []),
            others.row_nos.flatMap((row_no) => details.row(row_no) ?? []),
          )}`
    const why = whyLeftOut(item)
    return [why === null ? `${upper(name)} is ${stateOf(item)}${among}.` : `${upper(name)} is in no match: ${why}.`]
  }
  return [
    ...stored.open_legs.flatMap((leg) => said(leg, `leg ${leg.leg_id}`)),
    ...stored.open_rows.flatMap((row) => said(row, `row ${row.transaction_id}`)),
    ...(passes.length === 0 && stored.open_legs.length + stored.open_rows.length === 0
      ? ['It is not about single legs or rows: no pass made it.']
      : []),
  ]
}

function passesText({ passes, near, follows }: Explanation): string {
  if (passes.length === 0) return section('Each pass in turn', ['None: nothing of it is ever matched.'])
  const seen = `${counted(near.legs.length, 'leg')} and ${counted(near.rows.length, 'row')}`
  const title = `Each pass in turn, matched anew over the ${seen} that share a key or its amount`
  const cut = near.is_cut ? ['More shares its keys or amount than is looked at here.'] : []
  const reached = passes.filter(({ outcome }) => outcome !== 'not_reached')
  const later = passes.filter(({ outcome }) => outcome === 'not_reached')
  const [first] = later
  const rest = first ? [indented(`${later.map(({ pass }) => pass).join(', ')}: ${lower(first.text)}`, 2)] : []
  return [section(title, [...cut, ...follows]), ...reached.map(passText), ...rest].join('')
}

/** What each pass goes by, for who does not know the rules by heart. */
const GOES_BY: Readonly<Record<Pass, string>> = {
  manual: 'what a person matched',
  refund_id: 'an id that both sides name',
  payment_reference: 'a shared payment or reference, one amount',
  payment_group: 'a shared payment or reference, equal sums',
  payment_reference_only: 'a shared payment or reference, amounts differ',
  amount_and_date: 'one amount, close in time',
  cancelled: 'undone by their own reversals',
}

function passText({ pass, number, text, candidates }: PassStory): string {
  const shown = candidates.slice(0, SHOWN)
  const rest = candidates.length - shown.length
  return [
    indented(`${number === null ? '' : `${number} `}${pass} (${GOES_BY[pass]}): ${text}`, 2),
    ...shown.map((candidate) => indented(candidateText(candidate), 6)),
    ...(rest > 0 ? [indented(`and ${rest} more; --json lists them`, 6)] : []),
  ].join('')
}

const candidateText = ({ outcome, legs, rows, why }: Candidate): string =>
  `${namesOf(legs, rows)}: ${outcome.replaceAll('_', ' ')}. ${why}`

function differencesText({ differences }: Explanation): string[] {
  if (differences.length === 0) return []
  return [
    section(
      'What is stored and what matching everything anew gives differ',
      differences.flatMap(({ item, stored, recomputed, why }) => [
        `${upper(item)} is stored as ${stored}; anew it comes out ${recomputed}.`,
        `  ${why}`,
      ]),
    ),
  ]
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
