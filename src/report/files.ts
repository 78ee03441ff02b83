/** The processor files of a report, with what each states of itself and what it brought. */

import type { Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { run } from '../database/statement.ts'
import { byKey } from './by-key.ts'
import type { BroughtLine, CategoryLine, FileLine, StatedTotalLine } from './source-lines.ts'

interface FileRow extends Omit<FileLine, 'id' | 'covers' | 'totals' | 'categories' | 'brought'> {
  file_id: bigint
  covers_from: string | null
  covers_to: string | null
  coverage_source: string
}
type OfFile<T> = T & { file_id: bigint }

/** The files in order, a batch of them in memory at a time. */
export async function* readFiles(
  db: Db,
  business_id: string,
  from: string | null,
  to: string | null,
): AsyncGenerator<FileLine> {
  for await (const rows of batches<FileRow>(db, 'report/files', [business_id, from, to])) {
    const ids = [business_id, rows.map((row) => row.file_id)] as const
    const totals = byKey(await run<OfFile<StatedTotalLine>>(db, 'report/file_totals', ids), 'file_id')
    const categories = byKey(await run<OfFile<CategoryLine>>(db, 'report/file_categories', ids), 'file_id')
    const brought = byKey(await run<OfFile<BroughtLine>>(db, 'report/file_brought', ids), 'file_id')
    for (const { file_id, covers_from, covers_to, coverage_source, ...file } of rows) {
      yield {
        ...file,
        id: file_id,
        covers:
          covers_from === null || covers_to === null
            ? null
            : { from: covers_from, to: covers_to, source: coverage_source },
        totals: totals(file_id),
        categories: categories(file_id),
        brought: brought(file_id),
      }
    }
  }
}
