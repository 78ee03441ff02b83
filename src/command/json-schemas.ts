/** The JSON Schemas of `tieout schema`: of tieout.yaml, for editors, and of the JSON report, for programs that read it. */

import { z } from 'zod'
import { MEANINGS } from '../config/meanings.ts'
import { configShape, mappingShape } from '../config/shape.ts'
import { PLACEHOLDER_ID } from '../core/product.ts'
import { FORMAT_NAMES } from '../processor/formats/format-names.ts'
import { reportSchema } from '../report/json/report-schema.ts'

/** A JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  title?: string
  description?: string
  type?: string
  default?: unknown
  enum?: unknown[]
  required?: string[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
}

const INPUT = { io: 'input', unrepresentable: 'any' } as const

/** Every part of a schema that has a path of its own, such as 'businesses[].processors[].name'; '' is the whole. */
export const partsOf = (schema: JsonSchema, path = ''): { path: string; part: JsonSchema; required: boolean }[] => {
  const found: { path: string; part: JsonSchema; required: boolean }[] = []
  for (const each of [schema, ...(schema.anyOf ?? [])]) {
    for (const [key, part] of Object.entries(each.properties ?? {})) {
      const own = path === '' ? key : `${path}.${key}`
      found.push({ path: own, part, required: each.required?.includes(key) === true }, ...partsOf(part, own))
    }
    for (const [part, sign] of [
      [each.items, '[]'],
      [each.additionalProperties, '{}'],
    ] as const) {
      if (typeof part !== 'object') continue
      found.push({ path: `${path}${sign}`, part, required: false }, ...partsOf(part, `${path}${sign}`))
    }
  }
  return found
}

const described = (schema: JsonSchema, prefix: string): JsonSchema => {
  for (const { path, part } of partsOf(schema, prefix)) {
    const meaning = MEANINGS[path]
    if (meaning !== undefined) part.description = meaning
  }
  return schema
}

/** `format:` as a mapping of columns. */
export const mappingSchema = (): JsonSchema => described(z.toJSONSchema(mappingShape, INPUT) as JsonSchema, 'mapping')

/** What a configuration is that says only what it must, as its reader fills it in. */
const LEAST = configShape.parse({
  businesses: [{ id: PLACEHOLDER_ID, currency: 'USD', time_zone: 'UTC', processors: [{ name: 'STRIPE' }] }],
  notify: {},
})

/** Numbers may be written as text, so that zod does not say what they are when left out. */
const withNumbers = (schema: JsonSchema): JsonSchema => {
  for (const { path, part } of partsOf(schema)) {
    const value = path.split(/\[\]\.|\./).reduce<unknown>((at, key) => entryOf(at)?.[key], LEAST)
    // a percentage is kept as hundredths
    if (typeof value === 'number' && part.default === undefined && path !== 'businesses[].rate_tolerance')
      part.default = value
  }
  return schema
}
const entryOf = (at: unknown): Record<string, unknown> | undefined =>
  (Array.isArray(at) ? at[0] : at) as Record<string, unknown> | undefined

/** tieout.yaml. What only its own reader knows, such as that two keys agree, no schema says: `tieout doctor` does. */
export const configSchema = (): JsonSchema => {
  const schema = withNumbers(described(z.toJSONSchema(configShape, INPUT) as JsonSchema, ''))
  const format = partsOf(schema).find(({ path }) => path === 'businesses[].processors[].format')?.part
  if (format) format.anyOf = [{ type: 'string', enum: ['auto', ...FORMAT_NAMES] }, mappingSchema()]
  return { title: 'tieout.yaml', ...schema }
}

/** The document of `tieout report --format json`. */
export const reportJsonSchema = (): JsonSchema => ({
  title: 'tieout.report/2',
  ...(z.toJSONSchema(reportSchema) as JsonSchema),
})
