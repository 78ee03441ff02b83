/** The sandbox in a process of its own, with the refunds of a file. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { BUSINESS, type Places, TOKEN } from './job.ts'

export interface Layer {
  url: string
  stop(): Promise<void>
}

/** All books are kept in memory there: about 3 KB a refund. */
const HEAP_MB = 8192

/** Starts it; resolves when it listens. `listing`: a file with a refund a line. */
export async function startLayer(places: Places, listing: string): Promise<Layer> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, join(places.built, 'test/bench/serve-layer.js'), listing, BUSINESS, TOKEN],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      url: line,
      async stop() {
        child.kill()
        await ended
      },
    }
  }
  throw new Error('the sandbox ended before it listened')
}
