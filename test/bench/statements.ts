/** How many statements a reconciliation sends for one business, begin and commit included: counted at the wire. */

import { openDatabase } from '../../src/database/connect.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { countingProxy } from '../support/counting-proxy.ts'
import { quiet } from '../support/quiet.ts'
import type { Bench } from './bench.ts'
import { AS_OF, BUSINESS } from './job.ts'
import type { BenchDatabase } from './server.ts'

export async function countStatements(
  bench: Pick<Bench, 'count'>,
  run: string,
  { world }: { world: BenchDatabase },
  options: { full?: boolean } = {},
): Promise<void> {
  const proxy = await countingProxy(world.url)
  const database = await openDatabase({ url: proxy.url, data_dir: '' }, quiet)
  try {
    // the settings of a connection are not of the run; a second one samples tables that have grown
    await Promise.all([database.query('select 1'), database.query('select 1')])
    proxy.taken()
    await reconcile(database, BUSINESS, { as_of: AS_OF, now: AS_OF, log: quiet, ...options })
    bench.count(run, proxy.taken().length)
  } finally {
    await database.close()
    await proxy.close()
  }
}
