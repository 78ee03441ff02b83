/** `tieout status --metrics`: OpenMetrics text, for a textfile collector. Amounts are whole numbers of the smallest unit. */

import type { BusinessConfig } from '../config/config.ts'
import { CODES, type Code } from '../core/discrepancy.ts'
import { daysBetween } from '../core/period.ts'
import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { Result } from '../job.ts'
import { AGES, ageGroup, countAge, noAges } from '../report/age.ts'
import type { TieOutLine } from '../report/lines.ts'
import type { BusinessStatus } from './status.ts'

/** What a business adds to each metric: labels and a value. */
interface Sample {
  metric: keyof typeof METRICS
  labels: Readonly<Record<string, string>>
  value: bigint | number
}

const METRICS = {
  tieout_last_run_timestamp_seconds: 'When the last run of a job ended that went through.',
  tieout_last_run_failed: 'Whether the last run of a job failed or was killed.',
  tieout_duration_seconds: 'How long the last run of a job took.',
  tieout_verdict: 'What may be said of a month: 1 for its verdict.',
  tieout_findings: 'Findings that are open, by class and age in days.',
  tieout_difference: 'Ledger less processor, in the smallest unit of the currency.',
  tieout_unexplained: 'What no finding explains of it: not 0 is a fault of Tieout.',
  tieout_quarantined: 'Records in quarantine that count.',
} as const

/** Months of which metrics are given: older ones are closed, and a series for each would never end. */
const MOST_MONTHS = 12

/** The samples of one business; `today` is the date in its time zone. */
const samplesOf = async (
  db: Db,
  business: BusinessConfig,
  status: BusinessStatus,
  today: string,
): Promise<Sample[]> => {
  const own = { business: business.id, name: business.name }
  const samples: Sample[] = []
  const seconds = (instant: string): number => Date.parse(instant) / 1000
  for (const { job, outcome, started_at, finished_at } of status.runs) {
    const labels = { ...own, job }
    const is_bad = outcome === 'failed' || outcome === 'killed'
    samples.push({ metric: 'tieout_last_run_failed', labels, value: is_bad ? 1 : 0 })
    if (finished_at === null) continue
    if (!is_bad) samples.push({ metric: 'tieout_last_run_timestamp_seconds', labels, value: seconds(finished_at) })
    samples.push({ metric: 'tieout_duration_seconds', labels, value: seconds(finished_at) - seconds(started_at) })
  }
  const verdicts = status.verdicts.slice(-MOST_MONTHS)
  for (const { month, verdict } of verdicts)
    samples.push({ metric: 'tieout_verdict', labels: { ...own, month, verdict }, value: 1 })
  const ages = noAges()
  for (const { code, dated_on, findings } of await run<{ code: Code; dated_on: string | null; findings: bigint }>(
    db,
    'run/finding_ages',
    [business.id],
  )) {
    const age_bucket = ageGroup(dated_on === null ? null : daysBetween(dated_on, today))?.bucket ?? null
    countAge(ages, { class: CODES[code].class, status: 'open', age_bucket }, Number(findings))
  }
  for (const [named, counts] of Object.entries(ages))
    AGES.forEach(({ bucket }, at) => {
      samples.push({ metric: 'tieout_findings', labels: { ...own, class: named, age: bucket }, value: counts[at] ?? 0 })
    })
  const lines = await run<TieOutLine>(db, 'report/tie_out', [business.id, verdicts[0]?.month ?? null, null])
  for (const { direction, processor, currency, month, measure, difference, unexplained } of lines) {
    const labels = { ...own, month, direction, processor, currency, measure }
    samples.push({ metric: 'tieout_difference', labels, value: difference })
    samples.push({ metric: 'tieout_unexplained', labels, value: unexplained })
  }
  const [count] = await run<{ quarantined: bigint }>(db, 'run/quarantined', [business.id])
  samples.push({ metric: 'tieout_quarantined', labels: own, value: count?.quarantined ?? 0n })
  return samples
}

/** What a collector reads of businesses; `today` is the date in the time zone of each. */
export const metricsResult = async (
  db: Db,
  asked: readonly { business: BusinessConfig; status: BusinessStatus; today: string }[],
): Promise<Result> => {
  const samples: Sample[] = []
  for (const { business, status, today } of asked) samples.push(...(await samplesOf(db, business, status, today)))
  return { text: metricsText(samples), document: null }
}

/** All samples, those of one metric together, as OpenMetrics wants them. */
const metricsText = (samples: readonly Sample[]): string => {
  const families = Object.entries(METRICS).flatMap(([metric, help]) => {
    const unit = metric.endsWith('_seconds') ? [`# UNIT ${metric} seconds`] : []
    const lines = samples.filter((sample) => sample.metric === metric).map(lineOf)
    return lines.length === 0 ? [] : [`# TYPE ${metric} gauge`, ...unit, `# HELP ${metric} ${help}`, ...lines]
  })
  return [...families, '# EOF'].join('\n')
}

const lineOf = ({ metric, labels, value }: Sample): string =>
  `${metric}{${Object.entries(labels)
    .map(([name, text]) => `${name}="${escaped(text)}"`)
    .join(',')}} ${value}`

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
