/** The pages under docs/reference/ are what the code says; `npm run generate` writes them. */

import { expect, test } from 'vitest'
import { program } from '../../src/cli.ts'
import { configSchema, mappingSchema, partsOf } from '../../src/command/json-schemas.ts'
import { MEANINGS } from '../../src/config/meanings.ts'
import {
  commandReference,
  configurationReference,
  databaseReference,
  discrepancyReference,
  errorReference,
} from '../support/references.ts'

test.each([
  ['commands', commandReference],
  ['configuration', configurationReference],
  ['database', databaseReference],
  ['discrepancies', discrepancyReference],
  ['errors', errorReference],
])('%s', async (name, made) => {
  await expect(made()).toMatchFileSnapshot(`../../docs/reference/${name}.md`)
})

test('every command has its place in the help', () => {
  expect(program.commands.filter((each) => each.helpGroup() === '').map((each) => each.name())).toEqual([])
})

test('every key of tieout.yaml has its meaning, and nothing else has one', () => {
  const own = partsOf(configSchema()).filter(({ path }) => !path.startsWith('businesses[].processors[].format.'))
  const parts = [...own, ...partsOf(mappingSchema(), 'mapping')]
  const keys = new Set(parts.map(({ path }) => path))
  expect(Object.keys(MEANINGS).filter((path) => !keys.has(path))).toEqual([])
  // an entry of a list needs none where the list has one
  const lacking = parts.filter(({ path, part }) => part.description === undefined && !/\[\]$|\{\}$/.test(path))
  expect(lacking.map(({ path }) => path)).toEqual([])
})
