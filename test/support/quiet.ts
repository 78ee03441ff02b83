/** A log that says nothing. */

import { createLog, type Log } from '../../src/core/log.ts'

export const quiet: Log = createLog({ level: 'silent', pretty: false })
