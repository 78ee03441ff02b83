/** `tieout schema config|report`: the JSON Schema of tieout.yaml, or of the JSON report. */

import { type Flags, runCommand } from '../src/job.ts'

export const schema = (flags: Flags, name: 'config' | 'report'): Promise<void> =>
  runCommand('schema', flags, async () => {
    const { configSchema, reportJsonSchema } = await import('../src/command/json-schemas.ts')
    const found = name === 'config' ? configSchema() : reportJsonSchema()
    return { text: JSON.stringify(found, null, 2), document: { ...found } }
  })
