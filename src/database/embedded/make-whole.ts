/** Folders that are there whole or not at all, whatever kills the run that makes them. */

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isAlive } from '../../core/whole-file.ts'

/** What this process is making just now. */
const making = new Set<string>()
const HALF_MADE = /\.(\d+)\.[0-9a-f]+\.half$/
const ABANDONED_MS = 3_600_000

/** Removes what killed runs left half made; the name bears the id of the process that was making it. */
async function sweep(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const maker = Number(HALF_MADE.exec(name)?.[1] ?? 'NaN')
    const path = join(folder, name)
    if (Number.isNaN(maker) || making.has(path)) continue
    const alive = maker !== process.pid && isAlive(maker)
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    if (!alive || age > ABANDONED_MS) await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/**
 * Makes the folder `place` unless it is there: `make` fills a folder beside it, which is then renamed. A kill leaves
 * only that folder, which the next run removes; of two runs at once the first one's stands.
 */
export async function makeWhole(place: string, make: (half: string) => Promise<void>): Promise<void> {
  await sweep(dirname(place))
  if (existsSync(place)) return
  const half = `${place}.${process.pid}.${randomBytes(4).toString('hex')}.half`
  making.add(half)
  try {
    mkdirSync(half)
    await make(half)
    await rename(half, place)
  } catch (error) {
    await rm(half, { recursive: true, force: true }).catch(() => undefined)
    if (!existsSync(place)) throw error
  } finally {
    making.delete(half)
  }
}
