/** `tieout review show`: a finding with both sides, what the ledger said over time, the lines of the files, its history. */

import { formatMoney } from '../../core/money.ts'
import { addDays } from '../../core/period.ts'
import { oneLine } from '../../core/visible.ts'
import { type RowOf, run } from '../../database/statement.ts'
import type { Job, Result } from '../../job.ts'
import { discrepancyJson } from '../../report/json/finding-json.ts'
import type { LegLine, RowLine } from '../../report/lines.ts'
import { counted, processorName } from '../../report/messages/phrases.ts'
import { indented, table } from '../../report/text/text-layout.ts'
import { historySentence, momentText } from '../../review/history.ts'
import { type Chosen, type Finding, findingsNamed } from './choose.ts'
import { linesInFiles } from './file-lines.ts'
import { ledgerVersions } from './ledger-versions.ts'

export const showFindings = async (job: Job, ids: readonly string[]): Promise<Result> => {
  const chosen = await findingsNamed(job, ids)
  const texts: string[] = []
  const documents: object[] = []
  for (const { business, line, findings } of chosen) {
    for (const finding of findings) {
      texts.push(await shownText(job, { business, line, findings: [finding] }, finding))
      documents.push({ ...(discrepancyJson(finding) as object), history: finding.history.map(historyJson) })
    }
  }
  const [only, ...others] = documents
  const document =
    only !== undefined && others.length === 0
      ? { schema: 'tieout.review-show/1', ...only }
      : { schema: 'tieout.review-show/1', discrepancies: documents }
  return { text: texts.join('\n\n'), document }
}

const historyJson = ({ event_number, at, by, kind, from, to, note }: Finding['history'][number]): object => ({
  ...{ event_number, at, by, kind, from, to, note },
})

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => indented(line, 2)).join('')}`

const shownText = async (job: Job, { business, line }: Chosen, finding: Finding): Promise<string> => {
  const { age_days, age_bucket, due_on, owner, owner_due_on, late } = finding
  const owned =
    owner === null ? 'nobody has it' : `${owner} has it${owner_due_on === null ? '' : `, due ${owner_due_on}`}`
  const facts = [
    finding.status,
    ...(late ? ['late: its month is closed'] : []),
    ...(age_days === null ? [] : [`${age_days} days old (${age_bucket})`]),
    ...(due_on === null ? [] : [`an error from ${due_on} on`]),
    ...(finding.material ? ['material'] : []),
    owned,
  ]
  const cleared = finding.status === 'cleared' ? [`Last found as of ${momentText(finding.last_seen_at)}.`] : []
  const history = [
    `First found as of ${momentText(finding.first_seen_at)}`,
    ...finding.history.filter(({ kind }) => kind !== 'opened').map(historySentence),
  ]
  return [
    `${oneLine(line.name)}: ${finding.code} ${finding.id}\n${indented(facts.join('; '), 2)}`,
    section('What is wrong', [finding.message]),
    section('What to do', cleared.length > 0 ? cleared : [finding.suggestion, ...curesOf(finding)]),
    section(
      'What else may be the same money',
      finding.related.map(({ reason }) => reason),
    ),
    sidesText(finding, line.currency),
    section('Effects on ledger minus processor', finding.effects.map(effectText)),
    section('What the ledger said', await ledgerVersions(job.database, line.business_id, finding)),
    section('What the month sums', await feeSums(job, finding)),
    section('In the files', await linesInFiles(job, business, finding)),
    section('History', history),
  ]
    .join('')
    .trimEnd()
}

/** Of a month's fees: the lines of the processor's side, by category and file. */
const feeSums = async (job: Job, { id, business_id, code, currency }: Finding): Promise<string[]> => {
  if (code !== 'FEE_TOTAL_MISMATCH') return []
  const sums = await run<RowOf<'fees/sums', 'category' | 'file'>>(job.database, 'fees/sums', [business_id, id])
  return sums.map(({ kind, category, file, lines, refund_fee, returned_fee }) => {
    const of = [category, file].filter((part) => part !== null).join(' of ')
    const fees = [
      `refund fees ${formatMoney(refund_fee, currency)}`,
      `returned fees ${formatMoney(returned_fee, currency)}`,
    ]
    return `${kind}${of === '' ? '' : `, ${of}`}: ${counted(Number(lines), 'line')}, ${fees.join(', ')}`
  })
}

/** What would cure it by itself. */
export const curesOf = ({ code, due_on }: Pick<Finding, 'code' | 'due_on'>): string[] => {
  if (due_on === null) return []
  const side = code === 'AWAITING_LEDGER' ? 'the ledger has it' : "the processor's files have it"
  return [`It is cleared by the first run in which ${side}; it waits until ${addDays(due_on, -1)}.`]
}

/** '2026-10, Stripe: amount 45.00 USD' */
export const effectText = ({
  month,
  processor,
  currency,
  amount,
  refund_fee,
  returned_fee,
}: Finding['effects'][number]): string => {
  const measures = [
    ...(amount === 0n ? [] : [`amount ${formatMoney(amount, currency)}`]),
    ...(refund_fee === 0n ? [] : [`refund fee ${formatMoney(refund_fee, currency)}`]),
    ...(returned_fee === 0n ? [] : [`returned fee ${formatMoney(returned_fee, currency)}`]),
  ]
  return `${month}, ${processorName(processor)}: ${measures.join(', ')}`
}

type Side = Readonly<Record<string, string>>

const FIELDS = [
  'amount',
  'refund fee',
  'returned fee',
  'date',
  'processor',
  'refund',
  'id',
  'external ids',
  'references',
  'payment',
  'type',
  'file',
]

const legSide = (leg: LegLine, currency: string): Side => ({
  amount: formatMoney(leg.amount, currency),
  'refund fee': formatMoney(leg.refund_fee, currency),
  'returned fee': formatMoney(leg.returned_fee, currency),
  date: leg.completed_on,
  processor: processorName(leg.processor),
  refund: leg.refund_id,
  id: leg.leg_id,
  'external ids': [leg.external_id, leg.refund_external_id].filter((id) => id !== null).join(', '),
  references: leg.references.join(', '),
})

const rowSide = (row: RowLine): Side => ({
  amount: formatMoney(row.amount, row.currency),
  'refund fee': formatMoney(row.refund_fee, row.currency),
  'returned fee': formatMoney(row.returned_fee, row.currency),
  date: row.occurred_on,
  processor: [processorName(row.processor), row.account].join(' ').trim(),
  refund: row.refund_id ?? '',
  id: row.transaction_id,
  references: row.references.join(', '),
  payment: row.payment_id.join(', '),
  type: row.type.replaceAll('_', ' '),
  file: `${row.file}, line ${row.line}`,
})

/** A field of a leg and a row that stand side by side; '' where it says nothing. */
interface SideLine {
  field: string
  ledger: string
  processor: string
}

/** Ledger and processor side by side: a block for the first of both, one for the second, and so on. */
export const sidesOf = ({ legs, rows }: Pick<Finding, 'legs' | 'rows'>, currency: string): SideLine[][] =>
  Array.from({ length: Math.max(legs.length, rows.length) }, (_, place) => {
    const [leg, row] = [legs[place], rows[place]]
    const [one, other] = [leg ? legSide(leg, currency) : {}, row ? rowSide(row) : {}] as const
    return FIELDS.map((field) => ({ field, ledger: one[field] ?? '', processor: other[field] ?? '' })).filter(
      ({ ledger, processor }) => ledger !== '' || processor !== '',
    )
  })

const sidesText = (finding: Finding, currency: string): string => {
  const blocks = sidesOf(finding, currency)
  if (blocks.length === 0) return ''
  const lines = blocks.flatMap((block, place) => [
    ...(place > 0 ? [['', '', '']] : []),
    ...block.map(({ field, ledger, processor }) => [field, ledger, processor]),
  ])
  const columns = ['', 'Ledger', 'Processor'].map((title) => ({ title, align: 'left' }) as const)
  return `\nBoth sides\n${table(columns, lines, 2)}`
}
