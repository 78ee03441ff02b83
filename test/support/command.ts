/** The command line, run as a process of its own, as cron and people run it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Built } from './built.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  process: ChildProcess
  /** until the text stands on stderr */
  says(text: string): Promise<void>
  ended: Promise<Ended>
}

/** Starts `tieout ...` in a folder, with only these variables and PATH in its environment. */
export const start = (
  built: Built,
  cwd: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Running => {
  const child = spawn(process.execPath, [join(built.folder, 'src/cli.js'), ...words], {
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...said })))
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (said.stderr.includes(text)) resolve()
      }
      look()
      child.stderr.on('data', look)
      void ended.then(() => reject(new Error(`ended without saying '${text}': ${said.stderr}`)))
    })
  return { process: child, says, ended }
}

/** Runs `tieout ...` to its end. */
export const tieout = (
  built: Built,
  cwd: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> => start(built, cwd, words, environment).ended
