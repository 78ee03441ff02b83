/** The sandbox in a process of its own, with the refunds of a file. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Bench } from './bench.ts'
import { TOKEN } from './job.ts'

export interface Layer {
  url: string
  stop(): Promise<void>
}

/** All books are kept in memory there: about 3 KB a refund. */
const HEAP_MB = 8192

/** A business, and the file with its refunds, a refund a line. */
export interface Listed {
  business_id: string
  listing: string
}

/** Starts it; resolves when it listens. It ends with the measure at the latest. */
export async function startLayer({ places, atEnd }: Bench, listed: readonly Listed[]): Promise<Layer> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, join(places.built, 'test/bench/serve-layer.js'), TOKEN],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  child.stdin.write(`${JSON.stringify(listed)}\n`)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
  }
  atEnd(stop)
  for await (const line of createInterface({ input: child.stdout })) {
    return { url: line, stop }
  }
  throw new Error('the sandbox ended before it listened')
}
