/** docs/reference/formats.md, as the formats say it of themselves. */

import { formatText } from '../../src/command/format-catalogue.ts'
import type { Format } from '../../src/processor/formats/format.ts'
import { FORMATS } from '../../src/processor/formats/formats.ts'

const INTRODUCTION = `# Report formats

Generated from the formats themselves (\`npm run generate\`); \`tieout formats NAME\` says the same. *Verified against* says how
sure we are: a real file, the processor's own code or sample, its documentation, or only the importers of other people, from
which the rest is inferred. What has no format here is read [by a mapping](../guide/read-any-csv.md).

| format | processor | verified against | fees of a refund | fees given back |
| --- | --- | --- | --- | --- |`

const yes = (has: boolean): string => (has ? 'yes' : 'no')

const rowOf = ({ name, processor, verified, hasRefundFees, hasReturnedFees }: Format): string =>
  `| [\`${name}\`](#${name}) | ${processor} | ${verified} | ${yes(hasRefundFees)} | ${yes(hasReturnedFees)} |`

const sectionOf = ({ name }: Format): string => {
  const [, ...lines] = formatText(name).text.split('\n')
  return `## ${name}\n\n${FORMATS.find((format) => format.name === name)?.title}\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``
}

export const formatReference = (): string =>
  `${[`${INTRODUCTION}\n${FORMATS.map(rowOf).join('\n')}`, ...FORMATS.map(sectionOf)].join('\n\n')}\n`

const REPORTS = `# Where to get each processor's report

Generated from the formats themselves (\`npm run generate\`). [Formats](../reference/formats.md) has their columns, signs and
examples; what is not listed is read [by a mapping](read-any-csv.md).`

/** docs/guide/where-to-get-reports.md: of each report, where it is found, which columns to ask for, and how often. */
export const reportsGuide = (): string =>
  `${[
    REPORTS,
    ...FORMATS.map(
      ({ name, title, getting }) =>
        `## ${title}\n\n- Where: ${getting.where}.\n- Columns: ${getting.columns}.\n- How often: ${getting.often}.\n- Format: [\`${name}\`](../reference/formats.md#${name})`,
    ),
  ].join('\n\n')}\n`
