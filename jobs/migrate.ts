/** `tieout migrate`: brings the database's schema up to date; `--citus` spreads it over a cluster. */

import { UsageFault } from '../src/core/errors.ts'
import { migrate as applyMigrations, checkSpread, distribute } from '../src/database/migrate.ts'
import { type Flags, runJob } from '../src/job.ts'

interface MigrateFlags extends Flags {
  citus?: true
  /** a number, as given */
  shards?: string
}

/** Citus could take more; each costs. */
const MOST_SHARDS = 1024

/** @throws UsageFault */
const askedOf = ({ citus, shards }: MigrateFlags): number | null => {
  if (shards === undefined) return null
  if (citus !== true)
    throw new UsageFault(`--shards ${shards} says into how many shards --citus spreads the tables: add --citus`)
  const number = /^\d{1,4}$/.test(shards) ? Number(shards) : 0
  if (number < 1 || number > MOST_SHARDS)
    throw new UsageFault(`--shards ${shards}: expected into how many shards, a whole number from 1 to ${MOST_SHARDS}`)
  return number
}

export const migrate = (flags: MigrateFlags): Promise<void> =>
  runJob('migrate', flags, async ({ database }) => {
    const shards = askedOf(flags)
    if (flags.citus) await checkSpread(database, shards)
    const applied = await applyMigrations(database)
    const distributed = flags.citus ? await distribute(database, shards) : 0
    const said = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
    const text = flags.citus ? `${said} ${spreadText(distributed)}` : said
    return { text, document: flags.citus ? { applied, distributed } : { applied } }
  })

const spreadText = (tables: number): string =>
  tables === 0 ? 'All tables are distributed.' : `Distributed ${tables} tables by business.`
