/** Serves the refunds of files, a refund a line, as Layer does: in pages of a thousand. Says its address on stdout. */

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { startSandbox } from '../../src/sandbox/server.ts'
import type { Listed } from './layer.ts'

const [token = ''] = process.argv.slice(2)

const refundsIn = async (listing: string): Promise<Record<string, unknown>[]> => {
  const refunds: Record<string, unknown>[] = []
  for await (const line of createInterface({ input: createReadStream(listing) })) refunds.push(JSON.parse(line))
  return refunds
}

/** The first line of stdin says which files are whose. */
const lines = createInterface({ input: process.stdin })
const listed = await new Promise<Listed[]>((resolve) => lines.once('line', (line) => resolve(JSON.parse(line))))
// who started it holds its stdin: nothing is left serving when a bench is killed
lines.once('close', () => process.exit())
const businesses = []
for (const { business_id, listing } of listed)
  businesses.push({ id: business_id, name: 'Harbor Coffee', invoice_refunds: await refundsIn(listing) })
const { url } = await startSandbox({
  seed: { businesses },
  ...{ port: 0, token, mode: 'data', page_size: 1000, requests_per_second: 1_000_000 },
})
businesses.length = 0
console.log(url)
