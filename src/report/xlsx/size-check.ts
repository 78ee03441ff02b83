/** What keeps a workbook from filling the memory: a small file can unpack to any size, and one cell can claim any place. */

import { unzipSync } from 'fflate'
import { FileFault } from '../../core/errors.ts'

const MIB = 1024 * 1024
/** Of the file, of all its parts, and how many times a large part may be what it was packed to. */
const MOST_PACKED = 64 * MIB
const MOST_UNPACKED = 256 * MIB
const MOST_RATIO = 100
/** A small part may be packed as tightly as it likes. */
const SMALL = 8 * MIB

/** A place beyond the 16,384 columns (XFD) and 1,048,576 rows of a worksheet: readers fill up all before it. */
const OUTSIDE = /\br="(?:[A-Z]{4,}|X(?:F[E-Z]|[G-Z][A-Z])|[YZ][A-Z]{2})\d*"|\br="[A-Z]*\d{8,}"/

/**
 * Refuses a workbook that would unpack to too much, or has cells where no worksheet has any. What its parts come to is taken
 * from the file's directory, and no part is unpacked to more than that says.
 * @throws FileFault
 */
export const checkSize = (name: string, bytes: Uint8Array): void => {
  const hint = `keep the sheet Discrepancies and remove the others, or decide with \`tieout review\``
  const mib = (size: number): string => `${Math.ceil(size / MIB)} MiB`
  const refuse = (found: string, expected: string): never => {
    throw new FileFault(`${name}: found ${found}, expected ${expected}; nothing was read`, { hint })
  }
  if (bytes.length > MOST_PACKED) refuse(`a file of ${mib(bytes.length)}`, `at most ${mib(MOST_PACKED)}`)
  let unpacked = 0
  const parts = unzipped(name, bytes, (part, packed, size) => {
    unpacked += size
    if (unpacked > MOST_UNPACKED) refuse(`parts of more than ${mib(MOST_UNPACKED)} in all`, 'a workbook of less')
    if (size > SMALL && size > packed * MOST_RATIO)
      refuse(`${part}, which unpacks to ${Math.round(size / packed)} times its size`, `at most ${MOST_RATIO} times`)
    return part.endsWith('.xml')
  })
  const decoder = new TextDecoder('latin1')
  for (const [part, content] of Object.entries(parts)) {
    const outside = OUTSIDE.exec(decoder.decode(content))?.[0]
    if (outside !== undefined) refuse(`a cell at ${outside.slice(3, -1)} in ${part}`, 'cells within a worksheet')
  }
}

const unzipped = (
  name: string,
  bytes: Uint8Array,
  isWanted: (part: string, packed: number, size: number) => boolean,
): Record<string, Uint8Array> => {
  try {
    return unzipSync(bytes, { filter: (file) => isWanted(file.name, file.size, file.originalSize) })
  } catch (problem) {
    if (problem instanceof FileFault) throw problem
    throw new FileFault(`${name} is no workbook: expected a file that was saved as .xlsx`, {
      cause: problem,
      hint: 'open it in the spreadsheet program and save it as .xlsx',
    })
  }
}
