/** The ways out: mail, webhook, command, and the ping of a dead man's switch. Each ends within a minute. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { NotifyConfig } from '../config/notify.ts'
import { NotifyFault } from '../core/errors.ts'
import { withoutSecrets } from '../core/log.ts'
import type { Summary } from './summary.ts'
import { tellingOf } from './telling.ts'

const PATIENCE = 20_000
/** Characters of what a program complains of that are kept. */
const LONGEST_COMPLAINT = 16_384

/** Bytes of a report that goes along with a mail; a larger one is left where it is. */
const LARGEST_ATTACHED = 15_000_000

/**
 * Sends the summary as a mail, text and HTML. `reports`: the files of the night, of which those that `attach` names go along.
 * What sends it is loaded by then: few nights do.
 */
export const sendMail = async (
  { smtp, from, to, attach }: NonNullable<NotifyConfig['email']>,
  summary: Summary,
  reports: readonly string[],
): Promise<void> => {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    url: smtp,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const attachments: { filename: string; content: Buffer }[] = []
  const too_large: string[] = []
  let room = LARGEST_ATTACHED
  for (const path of reports.filter((file) => attach !== null && file.endsWith(`.${attach}`))) {
    const { size } = await stat(path)
    if (size > room) too_large.push(basename(path))
    else attachments.push({ filename: basename(path), content: await readFile(path) })
    room -= Math.min(size, room)
  }
  const left = too_large.length === 0 ? [] : [`Not attached, as too large for a mail: ${too_large.join(', ')}`]
  try {
    const { mail, html } = tellingOf([...summary.parts, ...left.map((line) => ({ lines: [line] }))])
    await transport.sendMail({ from, to: [...to], subject: summary.subject, text: `${mail}\n`, html, attachments })
  } finally {
    transport.close()
  }
}

/** Slack escapes these three, and would else read <...> as a link or a mention. */
const forChat = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Posts {"text": ...}, which Slack, Mattermost and many others take. */
export const postWebhook = async ({ url }: NonNullable<NotifyConfig['webhook']>, summary: Summary): Promise<void> => {
  const body = JSON.stringify({ text: forChat(`*${summary.subject}*\n${tellingOf(summary.parts).text}`) })
  await ask(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}

/** Tells a dead man's switch that the night went through: it raises the alarm when this does not come. */
export const ping = async (url: string): Promise<void> => {
  await ask(url, { method: 'GET' })
}

/** One request, tried twice. The address may be a secret, so no message names it. */
const ask = async (
  url: string,
  request: { method: string; headers?: Record<string, string>; body?: string },
): Promise<void> => {
  let problem = ''
  for (let attempt = 1; attempt <= 2; attempt++) {
    try {
      const answer = await fetch(url, { ...request, redirect: 'follow', signal: AbortSignal.timeout(PATIENCE) })
      await answer.body?.cancel()
      if (answer.ok) return
      problem = `the answer was ${answer.status}`
      if (answer.status < 500) break
    } catch (error) {
      problem = error instanceof Error && error.name === 'TimeoutError' ? 'no answer came' : 'no connection'
    }
  }
  throw new NotifyFault(problem)
}

/** Runs a program, without a shell, with the summary as JSON on its standard input. */
export const runProgram = async (
  { run, folder }: NonNullable<NotifyConfig['command']>,
  summary: Summary,
  secrets: readonly string[],
): Promise<void> => {
  const [program = '', ...args] = run
  const child = spawn(program, args, { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'], timeout: 3 * PATIENCE })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-LONGEST_COMPLAINT)
  })
  // A program that does not read what it is given has not failed by that.
  child.stdin.on('error', () => undefined)
  const { subject, parts, alarming, errors } = summary
  const { text } = tellingOf(parts)
  child.stdin.end(`${JSON.stringify({ subject, text, alarming, errors })}\n`)
  const [code, signal]: (number | string | null)[] = await once(child, 'close')
  // its secrets are hidden before it is cut: half a secret is not found
  const end = withoutSecrets(complaint, secrets).trim().slice(-400)
  if (code !== 0) throw new NotifyFault(`it ended with ${signal ?? code}${end === '' ? '' : `: ${end}`}`)
}
