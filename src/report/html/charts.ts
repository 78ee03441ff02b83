/** The charts as plain SVG: no library, no script; each has its figures as a table beside it. */

import { CODES } from '../../core/discrepancy.ts'
import { formatMajor, formatMoney, minorDigits } from '../../core/money.ts'
import { AGES, type AgeCounts } from '../age.ts'
import { CODES_IN_ORDER } from '../discrepancies.ts'
import type { Direction, TieOutLine } from '../lines.ts'
import { refundWord, sum } from '../messages/phrases.ts'
import type { BridgeLine, MatchedDayLine } from '../text/detail-lines.ts'
import { html, type Markup, markup } from './markup.ts'

const WIDTH = 720

const figure = (
  id: string,
  title: string,
  note: string,
  height: number,
  shapes: readonly Markup[],
  table: Markup,
): Markup => {
  return html`<figure class="chart"><figcaption id="${id}">${title}</figcaption>
<div class="scroll" tabindex="0" role="group" aria-label="${title}"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}" preserveAspectRatio="xMinYMin meet">${shapes}</svg></div>
<p class="note">${note}</p><details><summary>Figures</summary>${table}</details></figure>`
}

const figures = (headings: readonly string[], rows: readonly (readonly string[])[]): Markup =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="Figures of the chart"><table><thead><tr>${headings.map((heading, place) => (place === 0 ? html`<th scope="col">${heading}</th>` : html`<th scope="col" class="number">${heading}</th>`))}</tr></thead><tbody>${rows.map(
    ([first = '', ...rest]) =>
      html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`

/** Minor units as a number of pixels' worth: precise enough to draw. */
const major = (minor: bigint, currency: string): number => Number(minor) / 10 ** minorDigits(currency)

const ROW = 26
const LABELS = 250
const VALUES = 130

/**
 * From the ledger total to the processor total, cause by cause: each bar begins where the one above ends.
 * null where there is nothing on either side.
 */
export const bridgeChart = (
  id: string,
  direction: Direction,
  currency: string,
  lines: readonly TieOutLine[],
  causes: readonly BridgeLine[],
): Markup | null => {
  const amounts = lines.filter(
    (line) => line.measure === 'amount' && line.direction === direction && line.currency === currency,
  )
  const ledger = sum(amounts.map((line) => line.ledger))
  const processor = sum(amounts.map((line) => line.processor_total))
  const unexplained = sum(amounts.map((line) => line.unexplained))
  const own = CODES_IN_ORDER.flatMap((code) => causes.filter((cause) => cause.code === code)).filter(
    (cause) => cause.direction === direction && cause.currency === currency && cause.amount !== 0n,
  )
  if (ledger === 0n && processor === 0n && own.length === 0) return null
  const steps = [
    { label: 'Ledger', from: 0n, to: ledger, kind: 'total' },
    ...stepsDown(ledger, [
      ...own.map((cause) => ({ label: CODES[cause.code].title, amount: cause.amount, kind: CODES[cause.code].class })),
      ...(unexplained === 0n ? [] : [{ label: 'Unexplained', amount: unexplained, kind: 'error' }]),
    ]),
    { label: 'Processors', from: 0n, to: processor, kind: 'total' },
  ]
  const ends = steps.flatMap((step) => (step.kind === 'total' ? [step.to] : [step.from, step.to]))
  // Causes are small beside the totals: the scale then begins near the smallest end, and axis and note say so.
  const [low, high] = scaleOf(ends.map((end) => major(end, currency)))
  const x = (value: number): number => LABELS + ((value - low) / (high - low)) * (WIDTH - LABELS - VALUES)
  const amountOf = ({ kind, from, to }: (typeof steps)[number]): string =>
    kind === 'total' ? formatMajor(to, currency) : `${to > from ? '+' : ''}${formatMajor(to - from, currency)}`
  const shapes = steps.map((step, i) => {
    const [from, to] = [step.kind === 'total' ? Math.max(low, 0) : major(step.from, currency), major(step.to, currency)]
    const left = Math.min(x(from), x(to))
    const value = amountOf(step)
    const y = i * ROW
    return html`<g><title>${`${step.label}: ${value} ${currency}`}</title><text class="label" x="${LABELS - 8}" y="${y + 17}" text-anchor="end">${step.label}</text><rect class="bar ${step.kind}" x="${left.toFixed(1)}" y="${y + 4}" width="${Math.max(1.5, Math.abs(x(to) - x(from))).toFixed(1)}" height="${ROW - 8}"/><text class="value" x="${WIDTH}" y="${y + 17}" text-anchor="end">${value}</text></g>`
  })
  const isCut = low > 0
  const begins = formatMoney(BigInt(Math.round(Math.max(low, 0) * 10 ** minorDigits(currency))), currency)
  const foot = steps.length * ROW
  const at = x(Math.max(low, 0)).toFixed(1)
  const axis = html`<path class="axis" d="M${at} 0V${foot + 4}"${markup(isCut ? ' stroke-dasharray="4 3"' : '')}/><text class="label" x="${at}" y="${foot + 18}">${isCut ? `cut off at ${begins}` : begins}</text>`
  return figure(
    id,
    `From the ledger to the processors: ${refundWord(direction)}s, ${currency}`,
    `What the ledger has too much is taken away (-), what it lacks is added (+); what is left is the processors' total. ${
      isCut
        ? `The bars do not begin at zero but at ${begins}: beside whole totals the causes would not be seen.`
        : 'The bars begin at zero.'
    }`,
    foot + 26,
    [...shapes, axis],
    figures(
      ['Step', `Amount, ${currency}`, 'Leaves'],
      steps.map((step) => [step.label, amountOf(step), formatMajor(step.to, currency)]),
    ),
  )
}

interface Cause {
  label: string
  amount: bigint
  kind: string
}

/** Where each bar begins and ends: what the ledger has too much is taken away, what it lacks is added. */
const stepsDown = (
  start: bigint,
  causes: readonly Cause[],
): { label: string; from: bigint; to: bigint; kind: string }[] => {
  let at = start
  return causes.map(({ label, amount, kind }) => {
    const from = at
    at -= amount
    return { label, from, to: at, kind }
  })
}

/** From 0, unless every bar ends so far from it that the causes could not be seen. */
const scaleOf = (ends: readonly number[]): [number, number] => {
  const [smallest, largest] = [Math.min(...ends), Math.max(...ends)]
  const span = largest - smallest
  const low = smallest > 3 * span ? smallest - Math.max(span * 0.25, smallest * 0.002) : Math.min(0, smallest)
  return [low, Math.max(largest, low + 1, 0)]
}

/** Open findings by how long they have been there. null where there is none. */
export const ageChart = (id: string, counts: AgeCounts): Markup | null => {
  const totals = AGES.map((_, i) => (counts.error[i] ?? 0) + (counts.timing[i] ?? 0) + (counts.info[i] ?? 0))
  const most = Math.max(...totals)
  if (most === 0) return null
  const width = WIDTH - 120 - 60
  const shapes = AGES.map(({ title }, i) => {
    let left = 120
    const bars = (['error', 'timing', 'info'] as const).flatMap((kind) => {
      const count = counts[kind][i] ?? 0
      if (count === 0) return []
      const length = (count / most) * width
      const bar = html`<rect class="bar ${kind}" x="${left.toFixed(1)}" y="${i * ROW + 4}" width="${Math.max(1.5, length).toFixed(1)}" height="${ROW - 8}"><title>${`${title}: ${count} ${kind}`}</title></rect>`
      left += length
      return [bar]
    })
    return html`<g><text class="label" x="112" y="${i * ROW + 17}" text-anchor="end">${title}</text>${bars}<text class="value" x="${Math.min(left + 8, WIDTH - 40).toFixed(1)}" y="${i * ROW + 17}">${totals[i] ?? 0}</text></g>`
  })
  return figure(
    id,
    'Open findings by age',
    'Red: to do. Amber: waiting. Blue: for information.',
    AGES.length * ROW + 4,
    shapes,
    figures(
      ['Age', 'To do', 'Waiting', 'For information'],
      AGES.map(({ title }, i) => [
        title,
        String(counts.error[i] ?? 0),
        String(counts.timing[i] ?? 0),
        String(counts.info[i] ?? 0),
      ]),
    ),
  )
}

const HEIGHT = 120

/** What part of each day's payments and lines is matched. null where there is no day. */
export const matchedChart = (id: string, days: readonly MatchedDayLine[]): Markup | null => {
  const [first] = days
  const last = days.at(-1)
  if (!first || !last) return null
  const begin = Date.parse(first.day)
  const count = Math.round((Date.parse(last.day) - begin) / 86_400_000) + 1
  const step = (WIDTH - 40) / Math.max(count, 14)
  const shapes = days.map((day) => {
    const x = 40 + Math.round((Date.parse(day.day) - begin) / 86_400_000) * step
    const share = shareOf(day)
    const matched = share * HEIGHT
    return html`<g><title>${`${day.day}: ${percent(share)} matched`}</title><rect class="bar rest" x="${x.toFixed(1)}" y="4" width="${(step * 0.8).toFixed(1)}" height="${(HEIGHT - matched).toFixed(1)}"/><rect class="bar matched" x="${x.toFixed(1)}" y="${(4 + HEIGHT - matched).toFixed(1)}" width="${(step * 0.8).toFixed(1)}" height="${matched.toFixed(1)}"/></g>`
  })
  const axis = html`<text class="label" x="34" y="14" text-anchor="end">100%</text><text class="label" x="34" y="${HEIGHT + 4}" text-anchor="end">0%</text><text class="label" x="40" y="${HEIGHT + 22}">${first.day}</text><text class="label" x="${(40 + count * step).toFixed(0)}" y="${HEIGHT + 22}" text-anchor="end">${count > 20 ? last.day : ''}</text>`
  return figure(
    id,
    'Matched share by day',
    'Of all ledger payments and processor lines of the day. At most the last 92 days.',
    HEIGHT + 28,
    [axis, ...shapes],
    figures(
      ['Day', 'Ledger payments', 'matched', 'Processor lines', 'matched', 'Share'],
      days.map((day) => [
        day.day,
        `${day.legs}`,
        `${day.legs_matched}`,
        `${day.rows}`,
        `${day.rows_matched}`,
        percent(shareOf(day)),
      ]),
    ),
  )
}

const shareOf = (day: MatchedDayLine): number =>
  Number(day.legs_matched + day.rows_matched) / Math.max(1, Number(day.legs + day.rows))

/** '99.9%': never rounded up to 100% where something is missing. */
const percent = (share: number): string => `${share === 1 ? 100 : (Math.floor(share * 1000) / 10).toFixed(1)}%`
