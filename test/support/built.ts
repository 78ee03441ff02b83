/** The product compiled to JavaScript, for tests that need a process of its own which can be killed. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inject } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

export interface Built {
  /** of the compiled folder that holds src/ */
  readonly folder: string
}

/**
 * The compiled source, made once for the suite by whichever test asks first, in a folder below node_modules, where its
 * packages are found. Types are not checked here (the lint step does), and any user may read the folder.
 */
export async function buildSource(): Promise<Built> {
  const { built: folder } = inject('server')
  // what went wrong, or nothing
  const outcome = join(folder, 'outcome.txt')
  const is_first = await mkdir(folder).then(
    () => true,
    () => false,
  )
  if (is_first) {
    const failure = await compile(folder).then(
      () => '',
      (error: unknown) => String(error),
    )
    await writeFile(`${outcome}.new`, failure)
    await rename(`${outcome}.new`, outcome)
  }
  while (!existsSync(outcome)) await sleep(50)
  const failure = await readFile(outcome, 'utf8')
  if (failure !== '') throw new Error(failure)
  return { folder }
}

async function compile(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  const compiler = join(ROOT, 'node_modules/.bin/tsc')
  await promisify(execFile)(compiler, ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', folder], { cwd: ROOT })
  // the commands as they are installed, bundled, in place of src/cli.js as compiled
  await promisify(execFile)(process.execPath, ['build.mjs', folder], { cwd: ROOT })
}

export interface Job {
  readonly process: ChildProcess
  /** the next line on stdout, null at the end */
  line(): Promise<string | null>
  ended: Promise<number | null>
}

/** Runs an ES module given as text in a process of its own; imports are relative to the compiled folder. */
export function runModule(built: Built, text: string, user: { uid: number; gid: number } | null = null): Job {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    ...user,
    cwd: built.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    process: child,
    line: async () => {
      const next = await lines.next()
      return next.done === true ? null : next.value
    },
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
  }
}
