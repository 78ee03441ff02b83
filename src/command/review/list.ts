/** `tieout review list`: the findings that a filter means, with what they come to. */

import { formatMoney } from '../../core/money.ts'
import { oneLine } from '../../core/visible.ts'
import type { Job, Result } from '../../job.ts'
import { AGES } from '../../report/age.ts'
import { CODES_IN_ORDER } from '../../report/discrepancies.ts'
import { type FindingFilter, type Sort, sizeOf, sorted, totalsOf } from '../../report/finding-filter.ts'
import { discrepancyJson } from '../../report/json/finding-json.ts'
import { counted, processorName } from '../../report/messages/phrases.ts'
import { table } from '../../report/text/text-layout.ts'
import { type Chosen, type Finding, findingsMeant } from './choose.ts'

/** As many digits of an id as the text report shows: they tell findings apart. */
const SHORT = 10

const shortId = (id: string): string => id.slice(0, SHORT)

export const listFindings = async (job: Job, filter: FindingFilter, sort: Sort | null): Promise<Result> => {
  const chosen = (await findingsMeant(job, filter)).map((each) =>
    sort === null ? each : { ...each, findings: sorted(each.findings, sort, each.line.currency) },
  )
  return {
    text: chosen.length === 0 ? 'no finding' : chosen.map(listText).join('\n\n'),
    document: {
      schema: 'tieout.review-list/1',
      discrepancies: chosen.flatMap(({ findings }) => findings.map((finding) => discrepancyJson(finding) as object)),
    },
  }
}

/** '3fa9c1d2e4  MISSING_IN_LEDGER  45.00 USD of 2026-10-14' */
export const findingLine = (finding: Finding, ledger_currency: string): string => {
  const size = sizeOf(finding, ledger_currency)
  const figure = size === null ? [] : [formatMoney(size.minor, size.currency)]
  const dated = finding.dated_on === null ? [] : [`of ${finding.dated_on}`]
  return [shortId(finding.id), finding.code, [...figure, ...dated].join(' ')].join('  ').trim()
}

/** '12 findings, 45.00 EUR and 1,234.50 USD' */
export const countText = (findings: readonly Finding[], ledger_currency: string): string => {
  const totals = totalsOf(findings, ledger_currency).map(({ minor, currency }) => formatMoney(minor, currency))
  return [counted(findings.length, 'finding'), ...(totals.length === 0 ? [] : [totals.join(' and ')])].join(', ')
}

const left = (title: string) => ({ title, align: 'left' }) as const
const right = (title: string) => ({ title, align: 'right' }) as const
const COLUMNS = [
  ...['Id', 'Code', 'Status', 'Date'].map(left),
  ...['Days', 'Amount'].map(right),
  ...['Processor', 'Due', 'Owner'].map(left),
]

const listText = ({ line, findings }: Chosen): string => {
  const rows = findings.map((finding) => {
    const size = sizeOf(finding, line.currency)
    const due = finding.owner_due_on ?? finding.due_on
    return [
      ...[shortId(finding.id), finding.code, finding.status, finding.dated_on ?? ''],
      ...[finding.age_days === null ? '' : String(finding.age_days)],
      ...[size === null ? '' : formatMoney(size.minor, size.currency)],
      ...[processorName(finding.processor), due ?? '', finding.owner ?? ''],
    ]
  })
  const codes = CODES_IN_ORDER.flatMap((code) => {
    const own = findings.filter((finding) => finding.code === code)
    return own.length === 0 ? [] : `  ${code}: ${countText(own, line.currency)}\n`
  })
  const ages = [...AGES, { bucket: null, title: 'without a date' }].flatMap(({ bucket, title }) => {
    const own = findings.filter(({ age_bucket }) => age_bucket === bucket)
    return own.length === 0 ? [] : `  ${title}: ${countText(own, line.currency)}\n`
  })
  return `${oneLine(line.name)}\n${table(COLUMNS, rows, 2)}${countText(findings, line.currency)}\n${codes.join('')}By age\n${ages.join('')}`.trimEnd()
}
