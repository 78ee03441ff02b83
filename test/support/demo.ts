/** The demo's two nights in a database that is given: pulled over HTTP, imported from an inbox, reconciled. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { storeSettings } from '../../src/business/settings.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { Database } from '../../src/database/connect.ts'
import { DEMO_CONFIG } from '../../src/demo/demo-config.ts'
import { FORMAT_NAMES } from '../../src/processor/formats/format-names.ts'
import { importFiles, inboxFiles } from '../../src/processor/import-files.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { FIRST, SECOND } from './harbor.ts'
import { quiet } from './quiet.ts'
import { pullListing } from './small-night.ts'

/** Gives the business's id. */
export async function liveTheDemo(database: Database): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-demo-nights-'))
  try {
    const path = join(folder, 'tieout.yaml')
    writeFileSync(path, DEMO_CONFIG)
    const [business] = loadConfig(path, { formats: FORMAT_NAMES }, {}).businesses
    if (business === undefined) throw new Error('the demo has a business')
    await storeSettings(database, business)
    for (const { as_of, customer, vendor, files } of [FIRST, SECOND]) {
      for (const file of files) {
        mkdirSync(dirname(join(folder, file.path)), { recursive: true })
        writeFileSync(join(folder, file.path), file.text)
      }
      await pullListing(database, business, as_of, [[...customer], [...vendor]])
      for (const processor of business.processors) {
        const options = { format: null, covers: null, strict: false, as_of, imported_at: as_of, folder }
        await importFiles(database, business, processor, await inboxFiles(processor), options)
      }
      await reconcile(database, business.id, { as_of, now: as_of, log: quiet })
    }
    return business.id
  } finally {
    rmSync(folder, { recursive: true })
  }
}
