/** Totals that a file states of itself, against what was read of it (spec section 3). */

import { formatMajor } from '../../core/money.ts'
import type { StatedTotal } from './format.ts'

/**
 * A total beside the sum of the lines read, in minor units. `stated` is the cell as the file prints it, `said` what it
 * says, null where it cannot be read: then it does not hold. `read` is shown as the file would print it, ungrouped.
 */
export const statedTotal = (
  name: string,
  stated: string,
  said: bigint | null,
  read: bigint,
  currency: string,
  decimal: '.' | ',' = '.',
): StatedTotal => {
  const shown = formatMajor(read, currency).replaceAll(',', '').replace('.', decimal)
  return { name, stated, read: shown, holds: said === read }
}
