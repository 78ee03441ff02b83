/** The desk's server: what it refuses, who asks, and the frame around each page. Pages work without script. */

import { chmodSync, existsSync, lstatSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isFault } from '../core/errors.ts'
import { withoutSecrets } from '../core/log.ts'
import { PACKAGE_ROOT } from '../core/product.ts'
import type { Job } from '../job.ts'
import { asset } from '../report/html/head.ts'
import { html } from '../report/html/markup.ts'
import { type Access, isOwnHost, isOwnOrigin, namedByProxy } from './access.ts'
import { NotThere, type Reply, type Visit } from './desk.ts'
import { framed, ICON, plainPage } from './frame.ts'
import { ROUTES } from './routes.ts'
import { type Session, Sessions, sameSecret } from './session.ts'
import { Worklists } from './worklist.ts'

/** Nothing but the desk's own style, script and picture is loaded; forms go to the desk alone; nobody frames it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // no-referrer would have forms say that they come from nowhere
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
}

const own = (name: string): string => readFileSync(join(PACKAGE_ROOT, 'src/desk', name), 'utf8')

/** What is served to anybody: it says nothing of anybody's money. */
const ASSETS = {
  '/desk.css': { type: 'text/css; charset=utf-8', text: () => `${asset('page.css')}\n${own('desk.css')}` },
  '/desk.js': { type: 'text/javascript; charset=utf-8', text: () => own('desk.js') },
  '/icon.svg': { type: 'image/svg+xml', text: () => ICON },
}

export interface Served {
  /** where it listens: http://127.0.0.1:4020, or the socket's path */
  place: string
  /** a link for each person; none behind a proxy, which signs people in */
  links: { name: string; role: string; url: string }[]
  close(): Promise<void>
}

/** Starts the desk; resolves when it listens. */
export async function serveDesk(job: Job, access: Access): Promise<Served> {
  const sessions = new Sessions(() => Date.parse(job.now()))
  const worklists = new Worklists()
  const app = Fastify({ bodyLimit: 1_048_576, exposeHeadRoutes: false, forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  )
  let port = 0
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    if (!isOwnHost(access, port, request.headers))
      return await refuse(reply, 421, 'This is not the address of the desk', 'Open the address that the desk printed.')
    if (request.method === 'POST' && !isOwnOrigin(access, request.headers))
      return await refuse(reply, 403, 'This did not come from the desk', 'Another site sent it: nothing was done.')
  })
  for (const [path, { type, text }] of Object.entries(ASSETS)) {
    app.get(path, async (_request, reply) => await reply.type(type).send(text()))
  }
  const cookieName = `tieout_desk_${access.proxy === null && 'port' in access.listen ? 'PORT' : 'proxy'}`
  const cookie = (): string => cookieName.replace('PORT', String(port))
  const setCookie = (reply: FastifyReply, request: FastifyRequest, value: string): void => {
    const secure = access.proxy !== null && request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : ''
    void reply.header('set-cookie', `${cookie()}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`)
  }
  const cookieOf = ({ headers }: FastifyRequest): string | null =>
    headers.cookie
      ?.split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${cookie()}=`))
      ?.slice(cookie().length + 1) ?? null

  if (access.proxy === null) {
    app.get<{ Params: { secret: string } }>('/sign-in/:secret', async (request, reply) => {
      // what a browser fetches on the chance that it is wanted does not use the link up
      if (String(request.headers['sec-purpose'] ?? '').includes('prefetch')) return await reply.code(503).send()
      const value = sessions.signIn(request.params.secret)
      if (value === null) {
        return await refuse(
          reply,
          403,
          'This link was used, or is none',
          'Each link signs in once. Start the desk again for new ones: tieout desk',
        )
      }
      sessions.end(cookieOf(request))
      setCookie(reply, request, value)
      return await reply.redirect('/', 303)
    })
  }

  /** Whose request it is; null: it was answered. */
  const sessionOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Session | null> => {
    const session = sessions.of(cookieOf(request))
    if (access.proxy === null) {
      if (session !== null) return session
      await refuse(
        reply,
        401,
        'Nobody is signed in',
        'Open the link that the desk printed for you when it started. It is good once; start the desk again for another.',
      )
      return null
    }
    const person = namedByProxy(access, request.headers)
    if (person === null) {
      await refuse(reply, 403, 'Nobody of the desk is signed in', 'The people of the desk stand in tieout.yaml.')
      return null
    }
    if (session?.person.name === person.name) return session
    const value = sessions.begin(person)
    setCookie(reply, request, value)
    return sessions.of(value)
  }

  const answer = async (visit: Visit, reply: FastifyReply, said: Reply): Promise<FastifyReply> => {
    if ('to' in said) {
      visit.session.notice = said.notice
      return await reply.redirect(said.to, 303)
    }
    if ('file' in said) {
      const name = said.name.replace(/[^\w.-]/g, '_')
      return await reply
        .type('application/json')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(said.file)
    }
    const { notice } = visit.session
    visit.session.notice = null
    return await reply
      .code(said.status ?? 200)
      .type('text/html; charset=utf-8')
      .send(framed(visit, said, notice).markup)
  }

  for (const { method, path, show } of ROUTES) {
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const session = await sessionOf(request, reply)
        if (session === null) return reply
        const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
        const visit: Visit = {
          ...{ job, people: access.people, worklists, session, person: session.person },
          part: (name) => (request.params as Record<string, string>)[name] ?? '',
          query: new URL(request.url, 'http://desk').searchParams,
          form,
        }
        if (method === 'POST') {
          if (!sameSecret(form.get('csrf') ?? '', session.csrf))
            return await refuse(
              reply,
              403,
              'This form is not of your session',
              'Open the page again, and send it anew.',
            )
          if (path !== '/sign-out' && session.person.role === 'reader')
            return await refuse(reply, 403, 'A reader decides nothing', 'Ask a preparer or a reviewer to do it.')
        }
        if (path === '/sign-out') {
          sessions.end(cookieOf(request))
          return await refuse(reply, 200, 'You are signed out', 'Start the desk again for a new link.')
        }
        return await answer(visit, reply, await shown(visit, show))
      },
    })
  }

  /** What a page throws becomes a page that says so. */
  const shown = async (visit: Visit, show: (visit: Visit) => Promise<Reply>): Promise<Reply> => {
    try {
      return await show(visit)
    } catch (error) {
      if (error instanceof NotThere) return notThere()
      if (!isFault(error))
        job.log.error({ err: error }, 'a page of the desk failed by something that Tieout did not expect')
      const said = isFault(error) ? error.message : 'Something failed that Tieout did not expect; its log says more.'
      const text = withoutSecrets(said, job.config.secrets)
      return {
        title: 'It was not done',
        status: isFault(error) ? (error.code === 'USAGE' ? 400 : 409) : 500,
        page: html`<h1>It was not done</h1><p class="refused" role="alert">${text}</p><p>Nothing was written. Go back, and open the page again before you decide.</p>`,
      }
    }
  }

  app.setNotFoundHandler(async (_request, reply) => await refuse(reply, 404, 'There is no such page', 'Begin at /.'))
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) job.log.error({ err: error }, 'a request to the desk failed')
    return await refuse(reply.headers(HEADERS), status, 'This request cannot be read', 'Open the page again.')
  })

  port = await listen(app, access)
  const place = 'path' in access.listen ? access.listen.path : `http://${hostText(access.listen.host)}:${port}`
  const links =
    access.proxy === null
      ? access.people.map((person) => ({ ...person, url: `${place}/sign-in/${sessions.link(person)}` }))
      : []
  return { place, links, close: async () => await app.close() }
}

const notThere = (): Reply => ({
  title: 'There is no such page',
  status: 404,
  page: html`<h1>There is no such page</h1><p>What it was about may have been cleared, or its address is not whole.</p><p><a href="/">All businesses</a></p>`,
})

const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)

const refuse = async (reply: FastifyReply, status: number, title: string, text: string): Promise<FastifyReply> =>
  await reply.code(status).type('text/html; charset=utf-8').send(plainPage(title, text).markup)

/** Listens; gives the port, 0 for a socket. A socket that a desk left behind is taken over. */
const listen = async (app: FastifyInstance, { listen: at }: Access): Promise<number> => {
  if ('path' in at) {
    if (existsSync(at.path) && lstatSync(at.path).isSocket()) unlinkSync(at.path)
    await app.listen({ path: at.path })
    // who may write to it may name anybody: its user and group
    chmodSync(at.path, 0o660)
    return 0
  }
  await app.listen(at)
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : at.port
}
