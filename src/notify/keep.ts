import { dirname } from 'node:path'
import { sweepTemporary, writeWhole } from '../core/whole-file.ts'

/** Replaces a small file whole, for its owner's eyes only; its folder is made where it is missing. */
export const keepWhole = async (path: string, text: string): Promise<void> => {
  await sweepTemporary(dirname(path))
  await writeWhole(path, async (append) => await append(Buffer.from(text)), 0o600)
}
