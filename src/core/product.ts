/** What this is: its version, and where its own files lie, in a checkout, in dist/ or installed. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder with package.json and sql/, whether this runs from src/ or from dist/src/. */
function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json')) && existsSync(join(from, 'sql'))) return from
  const above = dirname(from)
  if (above === from) throw new Error(`no folder sql/ beside a package.json above ${import.meta.dirname}`)
  return findRoot(above)
}

export const PACKAGE_ROOT: string = findRoot(import.meta.dirname)

const readVersion = (): string => {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  return typeof version === 'string' ? version : 'unknown'
}

export const VERSION: string = readVersion()

/** 'Tieout 0.1.0' */
export const PRODUCT = `Tieout ${VERSION}`

/** The id that `tieout init` writes: no business has it. */
export const PLACEHOLDER_ID = '00000000-0000-0000-0000-000000000000'
