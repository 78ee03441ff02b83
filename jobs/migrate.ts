/** `tieout migrate`: brings the database's schema up to date; `--partitions N` lays the big tables out for many businesses. */

import { migrate as applyMigrations } from '../src/database/migrate.ts'
import { partitionsOf, partitionTables } from '../src/database/partitions.ts'
import { type Flags, runJob } from '../src/job.ts'

export const migrate = (flags: Flags & { partitions?: string }): Promise<void> =>
  runJob('migrate', flags, async ({ database }) => {
    const partitions = partitionsOf(flags.partitions)
    const applied = await applyMigrations(database)
    const laid_out = partitions === null ? [] : await partitionTables(database, partitions)
    const said = [
      applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`,
      laid_out.length === 0 ? '' : `In ${partitions} partitions now: ${laid_out.join(', ')}.`,
    ]
    return { text: said.filter((line) => line !== '').join('\n'), document: { applied, laid_out } }
  })
