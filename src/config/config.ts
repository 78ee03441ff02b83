/** tieout.yaml and the environment, read once into a frozen, typed configuration. The only reader of process.env. */

import { resolve } from 'node:path'
import type { z } from 'zod'
import { UsageFault } from '../core/errors.ts'
import { counted } from '../core/words.ts'
import { assemble } from './assemble.ts'
import type { ConfigFault } from './file.ts'
import { namingFaults, processorsIn } from './names.ts'
import { configShape, type MappingShape, mappingShape } from './shape.ts'
import { readConfigSources } from './sources.ts'
import type { Config } from './types.ts'
import { isRecord, unknownKey } from './values.ts'

export type {
  BusinessConfig,
  Config,
  FeePolicy,
  LayerAuth,
  LayerConfig,
  MappingConfig,
  ProcessorConfig,
  ReportFormat,
} from './types.ts'

/** What the rest of the program knows and a configuration may name. */
export interface KnownNames {
  /** the names of the report formats under src/processor */
  formats: readonly string[]
}

/** A shape that is used once is not worth compiling. */
const ONCE = { jitless: true } as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads tieout.yaml, and the files of its businesses_dir, with the environment.
 * @throws UsageFault that lists every fault with its place and what was expected
 */
export const loadConfig = (path: string, known: KnownNames, environment: Environment = process.env): Config => {
  const absolute = resolve(path)
  const sources = readConfigSources(absolute, path, environment)
  const parsed = configShape.safeParse(sources.value, ONCE)
  const mappings = mappingsOf(sources.value)
  const faults = sources.is_whole
    ? [
        ...(parsed.error ? faultsOf(parsed.error, []) : []),
        ...mappings.flatMap(({ path: at, result }) => (result.error ? faultsOf(result.error, at) : [])),
        ...namingFaults(sources.value, known.formats, sources.fileOf).filter(
          // only the command that needs it asks for what the environment lacks
          ({ path: at }) => !sources.unset.some(({ key }) => key === at.join('.')),
        ),
      ]
    : []
  const shown = sources.inOrder([...sources.faults, ...faults.map(sources.sentence)])
  if (shown.length > 0 || !parsed.data) throw new UsageFault(listOf(shown, absolute))
  const mapped = new Map(mappings.map((mapping) => [mapping.path.join('.'), mapping.result.data]))
  const mappingAt = (b: number, p: number): MappingShape | undefined =>
    mapped.get(`businesses.${b}.processors.${p}.format`)
  return deepFreeze(
    assemble(parsed.data, { path: absolute, hash: sources.hash, unset: sources.unset, mappingAt, environment }),
  )
}

/** Every fault on a line of its own. */
const listOf = (faults: readonly string[], path: string): string => {
  const count = counted(faults.length, 'fault')
  return `${path} cannot be used, it has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`
}

const faultsOf = (error: z.ZodError, prefix: readonly PropertyKey[]): ConfigFault[] =>
  error.issues.flatMap((issue): ConfigFault[] => {
    const path = [...prefix, ...issue.path]
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, issue.message), at_key: true }))
  })

interface Mapping {
  path: readonly PropertyKey[]
  result: z.ZodSafeParseResult<MappingShape>
}

/** Every `format:` that is a mapping, parsed. */
const mappingsOf = (value: unknown): Mapping[] =>
  processorsIn(value).flatMap(({ entry, path }) =>
    isRecord(entry['format'])
      ? [{ path: [...path, 'format'], result: mappingShape.safeParse(entry['format'], ONCE) }]
      : [],
  )

const deepFreeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}
