/** `tieout migrate`: brings the database's schema up to date; `--citus` spreads it over a cluster. */

import { migrate as applyMigrations, distribute } from '../src/database/migrate.ts'
import { type Flags, runJob } from '../src/job.ts'

export const migrate = (flags: Flags & { citus?: true }): Promise<void> =>
  runJob('migrate', flags, async ({ database }) => {
    const applied = await applyMigrations(database)
    const distributed = flags.citus ? await distribute(database) : 0
    const said = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
    const text = flags.citus ? `${said} ${spreadText(distributed)}` : said
    return { text, document: flags.citus ? { applied, distributed } : { applied } }
  })

const spreadText = (tables: number): string =>
  tables === 0 ? 'All tables are distributed.' : `Distributed ${tables} tables by business.`
