/** The workpaper: one workbook per business and period, for an auditor's file. */

import { basename } from 'node:path'
import { PRODUCT } from '../../core/product.ts'
import { periodName } from '../messages/phrases.ts'
import { type BusinessReport, listOf, type Report } from '../model.ts'
import { linesToRead } from '../roll-forward.ts'
import { slugOf, writeFileWhole } from '../sink.ts'
import { coverSheet } from './cover.ts'
import { type FindingsWritten, findingsSheet } from './findings.ts'
import { matchedSheet, readMatched, writeMatchedCsv } from './matched.ts'
import { rollForwardSheet } from './roll-forward.ts'
import { quarantineSheet, type SourcesWritten, sourcesSheet } from './sources.ts'
import { type EffectsWritten, effectsSheet, lineNumbers, tieOutSheet } from './tie-out.ts'
import { writeWorkbook } from './workbook.ts'

export interface Provenance {
  /** who asked for it; null: not stated */
  made_by: string | null
  /** sha256 of tieout.yaml */
  config_hash: string
}

/** 'workpaper-harbor-coffee-5b0c8f4e-2026-10.xlsx': the id's beginning tells businesses of one name apart. */
export const workpaperName = ({ business }: BusinessReport, report: Report): string => {
  const parts = [
    'workpaper',
    slugOf(business.name),
    business.business_id.slice(0, 8),
    periodName(report).replaceAll(' ', '-'),
  ]
  return `${parts.filter((part) => part !== '').join('-')}.xlsx`
}

/**
 * Writes the workbook of one business to `path`, and the matches as CSV beside it where there are too many for a
 * sheet. Gives the files written. Sheets are streamed: memory does not grow with the findings.
 */
export const writeWorkpaper = async (
  report: Report,
  of: BusinessReport,
  path: string,
  provenance: Provenance,
): Promise<string[]> => {
  const { currency, name } = of.business
  const lines = await listOf(of.tie_out())
  const verdicts = await listOf(of.verdicts())
  const ages = await of.ages()
  const matched = await readMatched(of)
  const numbers = lineNumbers(lines)
  const findings: FindingsWritten = { counts: new Map(), sha256: '', last_row: 0 }
  const effects: EffectsWritten = { last_row: 0 }
  const sources: SourcesWritten = { sha256: '' }
  const period = periodName(report)
  const csv = path.replace(/(\.xlsx)?$/i, '-matched.csv')
  const sheets = {
    cover: coverSheet({ report, of, period, verdicts, lines, ages, findings, sources, ...provenance }),
    tieOut: tieOutSheet(lines, numbers, effects),
    rollForward: rollForwardSheet(linesToRead(await listOf(of.roll_forward()))),
    effects: effectsSheet(of, numbers, effects),
    findings: findingsSheet(of, findings),
    matched: matchedSheet(matched, currency, basename(csv)),
    quarantine: quarantineSheet(of),
    sources: sourcesSheet(of, provenance.config_hash, sources),
  }
  const shown = [
    sheets.cover,
    sheets.tieOut,
    sheets.findings,
    sheets.rollForward,
    sheets.effects,
    sheets.matched,
    sheets.quarantine,
    sheets.sources,
  ]
  const written = [
    sheets.effects,
    sheets.findings,
    sheets.matched,
    sheets.quarantine,
    sheets.sources,
    sheets.rollForward,
    sheets.tieOut,
    sheets.cover,
  ]
  const title = { title: `Refund reconciliation, ${name}, ${period}`, creator: PRODUCT, created: report.generated_at }
  await writeFileWhole(path, (sink) => writeWorkbook(sink, title, shown, written))
  if (matched.lines !== null) return [path]
  await writeFileWhole(csv, (sink) => writeMatchedCsv(of, sink))
  return [path, csv]
}
