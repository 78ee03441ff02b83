/** `tieout migrate`: brings the database's schema up to date. */

import { migrate as applyMigrations } from '../src/database/migrate.ts'
import { type Flags, runJob } from '../src/job.ts'

export const migrate = (flags: Flags): Promise<void> =>
  runJob('migrate', flags, async ({ database }) => {
    const applied = await applyMigrations(database)
    const text = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
    return { text, document: { applied } }
  })
