/** The desk in this process, and requests to it with any header: what a browser would never send, too. */

import { request } from 'node:http'
import type { BusinessConfig, Config } from '../../src/config/config.ts'
import type { Database } from '../../src/database/connect.ts'
import { type Access, accessOf } from '../../src/desk/access.ts'
import { type Served, serveDesk } from '../../src/desk/server.ts'
import type { Job } from '../../src/job.ts'
import { quiet } from './quiet.ts'

export const PEOPLE: Config['people'] = [
  { name: 'Ada', role: 'preparer' },
  { name: 'Bob', role: 'reviewer' },
  { name: 'Rae', role: 'reader' },
]

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

interface Sent {
  method?: string
  path: string
  headers?: Record<string, string>
  form?: Record<string, string | string[]>
}

export interface OpenDesk extends Served {
  port: number
  send(sent: Sent): Promise<Answer>
  /** signs in by the person's link: the Cookie header from then on */
  signIn(name: string): Promise<string>
  /** the token of the forms that the cookie's session gets */
  csrf(cookie: string, path?: string): Promise<string>
}

/** What a desk needs of a job. */
const deskJob = (database: Database, businesses: readonly BusinessConfig[]): Job =>
  ({
    ...{ database, businesses, log: quiet, now: () => new Date().toISOString() },
    config: { path: '/nowhere/tieout.yaml', secrets: [] },
  }) as unknown as Job

export async function openDesk(
  database: Database,
  businesses: readonly BusinessConfig[],
  desk: Partial<Config['desk']> = {},
): Promise<OpenDesk> {
  const config = { port: 0, listen: '127.0.0.1', trusted_user_header: null, proxy_secret: null, ...desk }
  const access: Access = accessOf({ desk: config, people: PEOPLE }, 0)
  const served = await serveDesk(deskJob(database, businesses), access)
  const port = 'path' in access.listen ? 0 : Number(new URL(served.place).port)
  const at = 'path' in access.listen ? { socketPath: access.listen.path } : { host: '127.0.0.1', port }
  const send = ({ method, path, headers = {}, form }: Sent): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const body = form === undefined ? null : bodyOf(form)
      const asked = request(
        {
          ...at,
          method: method ?? (body === null ? 'GET' : 'POST'),
          path,
          headers: {
            host: `127.0.0.1:${port}`,
            ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
            ...headers,
          },
        },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (part: string) => {
            text += part
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
        },
      )
      asked.on('error', reject)
      asked.end(body ?? undefined)
    })
  const linkOf = (name: string): string => new URL(served.links.find((link) => link.name === name)?.url ?? '').pathname
  return {
    ...served,
    port,
    send,
    async signIn(name) {
      const { headers } = await send({ path: linkOf(name) })
      return String(headers['set-cookie']).split(';')[0] ?? ''
    },
    async csrf(cookie, path = '/') {
      const { text } = await send({ path, headers: { cookie } })
      return /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    },
  }
}

const bodyOf = (form: Record<string, string | string[]>): string => {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(form)) for (const each of [value].flat()) body.append(name, each)
  return body.toString()
}
