/** The Sources and Quarantine sheets: what the findings rest on, and what is in quarantine. */

import { createHash } from 'node:crypto'
import { type BusinessReport, listOf } from '../model.ts'
import type { FileLine, PullLine } from '../source-lines.ts'
import type { LedgerStandingLine } from '../text/detail-lines.ts'
import { QUARANTINE_NOTE } from '../text/text-sources.ts'
import { amount, type Cell, count, date, instant, text } from './cells.ts'
import { MOST_ROWS, type Sheet } from './sheet.ts'

/** What is known of the sources once their sheet has been written. */
export interface SourcesWritten {
  /** over the hashes of all pulls and files, in order */
  sha256: string
}

const WIDTHS = [14, 12, 34, 68, 18, 9, 11, 11, 11, 11, 11, 11, 14, 10, 26, 26, 44]

/** Every pull and file of the report with its hash, counts, sums, first and last id, window and stated totals. */
export const sourcesSheet = (of: BusinessReport, config_hash: string, written: SourcesWritten): Sheet => ({
  name: 'Sources',
  columns: WIDTHS.map((width) => ({ width })),
  header_row: null,
  frozen_columns: 0,
  filter: false,
  rows: async function* () {
    const hash = createHash('sha256')
    yield [text('Sources', 'title')]
    yield [text('Configuration', 'label'), text(null), text('SHA-256 of tieout.yaml'), text(config_hash)]
    yield []
    yield* pullRows(of, (sha256) => hash.update(sha256))
    yield []
    yield* fileRows(of, (sha256) => hash.update(sha256))
    yield []
    yield* coverageRows(of)
    written.sha256 = hash.digest('hex')
  },
})

const headings = (titles: readonly string[]): Cell[] => titles.map((title) => text(title, 'header'))

async function* pullRows(of: BusinessReport, hashed: (sha256: string) => void): AsyncGenerator<Cell[]> {
  yield [text('Ledger: the last pull of each listing', 'label')]
  yield headings([
    'Direction',
    'Complete',
    'As of',
    'SHA-256',
    'Pulled at',
    'Pages',
    'Refunds',
    'Quarantined',
    'Bytes',
    'May be cut',
    '',
    'In the ledger',
    'Sum',
    'Currency',
    'First id',
    'Last id',
    'Problem',
  ])
  const pulls = await listOf(of.pulls())
  const standing = new Map<string, LedgerStandingLine>()
  for await (const line of of.ledger_standing()) standing.set(line.direction, line)
  for (const pull of pulls) {
    hashed(pull.sha256)
    yield pullCells(pull, standing.get(pull.direction) ?? null, of.business.currency)
  }
}

const pullCells = (pull: PullLine, standing: LedgerStandingLine | null, currency: string): Cell[] => [
  text(pull.direction),
  text(pull.complete ? 'yes' : 'NO', pull.complete ? 'text' : 'bad'),
  instant(pull.as_of),
  text(pull.sha256),
  instant(pull.finished_at),
  count(pull.pages),
  count(pull.refunds),
  count(pull.quarantined),
  count(pull.bytes),
  text(pull.maybe_cut ? 'YES' : 'no', pull.maybe_cut ? 'bad' : 'text'),
  text(null),
  count(standing?.refunds ?? null),
  amount(standing?.amount ?? null, currency),
  text(currency),
  text(standing?.first_id ?? null),
  text(standing?.last_id ?? null),
  text(pull.problem, 'wrap'),
]

async function* fileRows(of: BusinessReport, hashed: (sha256: string) => void): AsyncGenerator<Cell[]> {
  yield [text('Processors: the files imported', 'label')]
  yield headings([
    'Processor',
    'Account',
    'File',
    'SHA-256',
    'Imported at',
    'Records',
    'Accepted',
    'Known before',
    'Quarantined',
    'Bytes',
    'Covers from',
    'Covers to',
    'Refunds, sum',
    'Currency',
    'First id',
    'Last id',
    'Totals that the file states',
  ])
  let rows = 0
  for await (const file of of.files()) {
    hashed(file.sha256)
    for (const cells of fileCells(file)) {
      rows += 1
      if (rows < MOST_ROWS) yield cells
    }
  }
}

/** A row per file; where it brought rows of several currencies, one more for each. */
const fileCells = (file: FileLine): Cell[][] => {
  const stated = file.totals.map(({ name, stated, read, holds }) =>
    holds ? `${name} ${stated}` : `${name} ${stated}, BUT ${read} READ`,
  )
  const head = [
    text(file.processor),
    text(file.account),
    text(file.state === 'withdrawn' ? `${file.name} (withdrawn)` : file.name),
    text(file.sha256),
    instant(file.imported_at),
    count(file.records),
    count(file.accepted),
    count(file.known),
    count(file.quarantined),
    count(file.bytes),
    date(file.covers?.from ?? null),
    date(file.covers?.to ?? null),
  ]
  const tail = text(stated.join('\n'), file.totals_hold ? 'wrap' : 'bad')
  const [first, ...others] = file.brought.map((brought) => [
    amount(brought.amount, brought.currency),
    text(brought.currency),
    text(brought.first_id),
    text(brought.last_id),
  ])
  const empty = [text(null), text(null), text(null), text(null)]
  return [[...head, ...(first ?? empty), tail], ...others.map((cells) => [...head.map(() => text(null)), ...cells])]
}

async function* coverageRows(of: BusinessReport): AsyncGenerator<Cell[]> {
  yield [text('Processors: the dates covered', 'label')]
  yield headings(['Processor', 'From', 'To', 'Not covered'])
  for await (const { processor, account, from, to, holes } of of.coverage()) {
    const missing = holes.map(({ after, before }) => `after ${after}, before ${before}`).join('; ')
    yield [
      text([processor, account].join(' ').trim()),
      date(from),
      date(to),
      text(from === null ? 'no file' : missing, missing === '' && from !== null ? 'text' : 'bad'),
    ]
  }
}

const QUARANTINE = [
  { title: 'Source', width: 40 },
  { title: 'Line', width: 9 },
  { title: 'Kind', width: 12 },
  { title: 'Date', width: 11 },
  { title: 'Id', width: 30 },
  { title: 'Reason', width: 60 },
  { title: 'As it was received', width: 90 },
] as const

/** The records in quarantine. */
export const quarantineSheet = (of: BusinessReport): Sheet => ({
  name: 'Quarantine',
  columns: QUARANTINE,
  header_row: 3,
  frozen_columns: 0,
  filter: true,
  rows: async function* () {
    yield [text('Quarantine', 'title')]
    yield [text(`${QUARANTINE_NOTE} Customer details are left out.`, 'note')]
    yield headings(QUARANTINE.map(({ title }) => title))
    let rows = 0
    for await (const line of of.quarantine()) {
      rows += 1
      if (rows >= MOST_ROWS) break
      yield [
        text(line.source, 'wrap'),
        count(line.line),
        text(line.kind === 'conflict' ? 'conflict' : 'cannot be read'),
        date(line.dated_on),
        text(line.item_id),
        text(line.reason, 'wrap'),
        text(line.raw, 'wrap'),
      ]
    }
  },
})
