/** The smallest nights of each discrepancy code: test/fixtures/discrepancy/<CODE>/provokes.json and near-miss.json. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SmallNight } from './small-night.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'discrepancy')

/** The codes that have nights. */
export const DISCREPANCIES: readonly string[] = readdirSync(FIXTURES).sort()

export const NIGHTS = ['provokes', 'near-miss'] as const

export const nightOf = (code: string, name: (typeof NIGHTS)[number]): SmallNight =>
  JSON.parse(readFileSync(join(FIXTURES, code, `${name}.json`), 'utf8')) as SmallNight
