/** `npm run bench`: compiles the product and the bench into a folder below node_modules, and runs it there. */

import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../../build.mjs'

const SOURCES = import.meta.dirname
const ROOT = join(SOURCES, '..', '..')

const cache = join(ROOT, 'node_modules', '.cache')
await mkdir(cache, { recursive: true })
const folder = await mkdtemp(join(cache, 'tieout-bench-'))
await chmod(folder, 0o755)
try {
  const compiler = join(ROOT, 'node_modules/.bin/tsc')
  await promisify(execFile)(compiler, ['-p', join(SOURCES, 'tsconfig.json'), '--noCheck', '--outDir', folder])
  // what is measured is what is installed: src/cli.js as the build bundles it
  await bundle(folder)
  // what is no TypeScript lies there too, so that nothing changes under a run that takes half an hour
  for (const path of ['package.json', 'sql', 'src/report/html', 'src/desk'])
    await cp(join(ROOT, path), join(folder, path), { recursive: true, force: false })
  const { bench } = await import(join(folder, 'test/bench/bench.js'))
  process.exitCode = await bench(process.argv.slice(2), { built: folder, sources: SOURCES, root: ROOT })
} finally {
  await rm(folder, { recursive: true, force: true })
}
