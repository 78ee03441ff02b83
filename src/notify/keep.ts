/** What is kept of the telling, under data_dir: what was told last by each channel, and what could not be. */

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sweepTemporary, writeWhole } from '../core/whole-file.ts'

const STATE = 'notified.json'

export interface FailedNotice {
  channel: string
  /** why it did not go out */
  problem: string
  /** of the night that it was to tell of */
  as_of: string
}

export interface Notices {
  /** the fingerprint of what was told last, by channel: so "on change" knows what has changed */
  told: Record<string, string>
  /** what did not go out when it was last tried */
  failed: FailedNotice[]
}

export const readNotices = async (data_dir: string): Promise<Notices> => {
  try {
    const state: Partial<Notices> | null = JSON.parse(await readFile(join(data_dir, STATE), 'utf8'))
    const told = Object.entries(state?.told ?? {}).filter(([, value]) => typeof value === 'string')
    return { told: Object.fromEntries(told), failed: Array.isArray(state?.failed) ? state.failed : [] }
  } catch {
    // nothing told yet, or a file that nobody can read: then everything is news
    return { told: {}, failed: [] }
  }
}

export const keepNotices = async (data_dir: string, notices: Notices): Promise<void> =>
  await keepWhole(join(data_dir, STATE), JSON.stringify(notices))

/** Replaces a small file whole, for its owner's eyes only; its folder is made where it is missing. */
export const keepWhole = async (path: string, text: string): Promise<void> => {
  await sweepTemporary(dirname(path))
  await writeWhole(path, async (append) => await append(Buffer.from(text)), 0o600)
}
