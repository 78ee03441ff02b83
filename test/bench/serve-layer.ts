/** Serves the refunds of a file, a refund a line, as Layer does: in pages of a thousand. Says its address on stdout. */

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { startSandbox } from '../../src/sandbox/server.ts'

const [listing = '', business_id = '', token = ''] = process.argv.slice(2)
const invoice_refunds: Record<string, unknown>[] = []
for await (const line of createInterface({ input: createReadStream(listing) })) invoice_refunds.push(JSON.parse(line))
const { url } = await startSandbox({
  seed: { businesses: [{ id: business_id, name: 'Harbor Coffee', invoice_refunds }] },
  ...{ port: 0, token, mode: 'data', page_size: 1000, requests_per_second: 1_000_000 },
})
invoice_refunds.length = 0
console.log(url)
// who started it holds its stdin: nothing is left serving when a bench is killed
process.stdin.once('end', () => process.exit()).resume()
