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

/** Whose process it is, where it is not the suite's own user's. */
export interface User {
  uid: number
  gid: number
}

/** Starts `tieout ...` in a folder, with only these variables and PATH in its environment. */
export const start = (
  built: Built,
  cwd: string,
  words: readonly string[],
  environment: Record<string, string> = {},
  user: User | null = null,
  stdout: number | 'pipe' = 'pipe',
): Running => startNode(cwd, [join(built.folder, 'src/cli.js'), ...words], environment, user, stdout)

/** Starts an ES module given as text; it imports the product from below `built.folder`. */
export const startModule = (cwd: string, text: string, environment: Record<string, string> = {}): Running =>
  startNode(cwd, ['--input-type=module', '--eval', text], environment, null)

const startNode = (
  cwd: string,
  words: readonly string[],
  environment: Record<string, string>,
  user: User | null,
  stdout: number | 'pipe' = 'pipe',
): Running => {
  const child = spawn(process.execPath, words, {
    ...user,
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', stdout, 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...said })))
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (said.stderr.includes(text)) resolve()
      }
      look()
      child.stderr?.on('data', look)
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
