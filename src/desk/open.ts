/** `tieout desk`: serves the desk until it is told to stop. */

import { UsageFault } from '../core/errors.ts'
import { oneLine } from '../core/visible.ts'
import type { Flags, Job, Result } from '../job.ts'
import { accessOf } from './access.ts'
import { serveDesk } from './server.ts'

export interface DeskFlags extends Flags {
  port?: string
}

/** A line for each person on stdout: 'Ada (preparer) http://127.0.0.1:4020/sign-in/...'. */
export const openDesk = async (job: Job, { port }: DeskFlags): Promise<Result> => {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536))
    throw new UsageFault(`--port ${port}: expected a port, 0 to 65535`)
  const access = accessOf(job.config, port === undefined ? job.config.desk.port : Number(port))
  const served = await serveDesk(job, access).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    throw new UsageFault(`the desk cannot listen: ${error.message}; give another --port`)
  })
  job.onEnd(() => served.close())
  job.progress.end()
  const stopped = job.untilStopped()
  for (const { name, role, url } of served.links) process.stdout.write(`${oneLine(name)} (${role}) ${url}\n`)
  if (served.links.length === 0) process.stdout.write(`The desk listens at ${served.place}\n`)
  job.log.info({ place: served.place }, 'the desk listens')
  await stopped
  return { text: '', document: null }
}
