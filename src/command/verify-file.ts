/** `tieout verify FILE`: whether an exported close is as it was signed. Needs neither a database nor a configuration. */

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageFault } from '../core/errors.ts'
import { oneLine } from '../core/visible.ts'
import type { Result } from '../job.ts'
import { proveDocument } from '../review/close/document.ts'

export const verifyFile = async (path: string): Promise<Result> => {
  const expected = 'expected a file that `tieout close MONTH --export FILE` wrote'
  const text = await readFile(resolve(path), 'utf8').catch(() => {
    throw new UsageFault(`${path}: there is no such file that can be read, ${expected}`)
  })
  const proved = proveDocument(text)
  if (proved === null) throw new UsageFault(`${path}: this is no close, ${expected}`)
  const { business, month, prepared_by, reviewed_by, closed_at, sha256, problems } = proved
  const who =
    reviewed_by === null ? `closed by ${prepared_by}` : `prepared by ${prepared_by}, reviewed by ${reviewed_by}`
  const said = `${oneLine(business)}, ${month}: ${oneLine(who)} at ${closed_at}`
  const lines =
    problems.length === 0
      ? [`The file is as it was signed: SHA-256 ${sha256}`, 'Compare it with the one that the signer gives you.']
      : ['The file is NOT as it was signed:', ...problems.map((problem) => `  ${oneLine(problem)}`)]
  return {
    text: [said, ...lines.map((line) => `  ${line}`)].join('\n'),
    document: { schema: 'tieout.verify/1', holds: problems.length === 0, ...proved },
    exit: problems.length === 0 ? 0 : 1,
  }
}
