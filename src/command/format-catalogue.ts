/** The report formats known, for people and as JSON: what `tieout formats` prints. */

import { UsageFault } from '../core/errors.ts'
import { closest, didYouMean } from '../core/similar.ts'
import type { Result } from '../job.ts'
import type { Format } from '../processor/formats/format.ts'
import { FORMATS } from '../processor/formats/formats.ts'

/** All formats, one line each. */
export const formatsText = (): Result => {
  const width = Math.max(...FORMATS.map((format) => format.name.length))
  const lines = FORMATS.map(
    (format) => `${format.name.padEnd(width)}  ${format.title} (verified against ${format.verified})`,
  )
  lines.push('', 'Any other CSV: a mapping of columns under `format:` in tieout.yaml.')
  const document = FORMATS.map(({ name, processor, title, verified }) => ({ name, processor, title, verified }))
  return { text: lines.join('\n'), document: { formats: document } }
}

/**
 * One format: what its columns mean, how its amounts are signed, an example.
 * @throws UsageFault where there is none of that name
 */
export const formatText = (name: string): Result => {
  const format = FORMATS.find((known) => known.name === name.trim().toLowerCase())
  if (!format) {
    const names = FORMATS.map((known) => known.name)
    throw new UsageFault(`there is no format ${name}; there are ${names.join(', ')}`, {
      hint: didYouMean(closest(name, names)),
    })
  }
  return { text: describe(format), document: { schema: 'tieout.format/1', ...documentOf(format) } }
}

const describe = (format: Format): string => {
  const width = Math.max(...format.columns.map((column) => column.name.length))
  const columns = format.columns.map(
    ({ name, required, meaning }) => `  ${name.padEnd(width)}  ${required ? 'needed  ' : 'optional'}  ${meaning}`,
  )
  return [
    `${format.name}: ${format.title}`,
    `Processor ${format.processor}; verified against ${format.verified}.`,
    '',
    `Where to get it: ${format.getting.where}.`,
    `Its columns: ${format.getting.columns}.`,
    `How often: ${format.getting.often}.`,
    '',
    'Columns, by name and in any order:',
    ...columns,
    '',
    `Signs: ${format.signs}`,
    `Fees: ${format.fees}.`,
    `Transaction ids: ${familyOf(format)}.`,
    ...(format.refundIdPattern === null ? [] : [`Refund ids look like ${format.refundIdPattern}`]),
    ...format.paymentIdPatterns.map((pattern) => `Payment ids look like ${pattern}`),
    '',
    'Example:',
    ...format.example.split('\n').map((line) => `  ${line}`),
  ].join('\n')
}

/** Which formats give a line the same transaction id. */
const familyOf = ({ name, idFamily }: Format): string => {
  const others = FORMATS.filter((other) => other.idFamily === idFamily && other.name !== name).map(
    (other) => other.name,
  )
  return others.length === 0
    ? 'a family of its own: an account takes this report or another, not both'
    : `one family (${idFamily}) with ${others.join(', ')}: an account may have files of each`
}

const documentOf = ({
  name,
  processor,
  title,
  verified,
  getting,
  fees,
  idFamily,
  refundIdPattern,
  paymentIdPatterns,
  hasRefundFees,
  hasReturnedFees,
  columns,
  signs,
  example,
}: Format): object => ({
  name,
  processor,
  title,
  verified,
  getting,
  fees,
  id_family: idFamily,
  refund_id_pattern: refundIdPattern,
  payment_id_patterns: paymentIdPatterns,
  has_refund_fees: hasRefundFees,
  has_returned_fees: hasReturnedFees,
  columns,
  signs,
  example,
})
