/** What this is: its version, and where its own files lie, in a checkout, in dist/ or installed. */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SQL_FOLDER } from '../database/statement.ts'

/** The folder of package.json. */
export const PACKAGE_ROOT = dirname(SQL_FOLDER)

const readVersion = (): string => {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  return typeof version === 'string' ? version : 'unknown'
}

/** 'Tieout 0.1.0' */
export const PRODUCT = `Tieout ${readVersion()}`
