/*
 * Makes the pictures of the docs from the demo, its reports and its desk: npm run demo && npm run screenshots
 * Needs, on Debian: apt-get install chromium libreoffice-calc-nogui poppler-utils
 */

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const docs = import.meta.dirname
const reports = join(resolve(process.argv[2] ?? join(docs, '../demo')), 'reports')
const run = readdirSync(reports)
  .filter((name) => /^\d{4}-.*Z$/.test(name))
  .sort()
  .at(-1)
if (!run) throw new Error(`${reports} has no run: npm run demo makes it`)
const folder = join(reports, run)

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
await page.goto(pathToFileURL(join(folder, 'report.html')).href)
await page.screenshot({ path: join(docs, 'report.png') })
await page.locator('.finding', { hasText: 'refunded' }).filter({ hasText: 'where' }).first().click()
await page.locator('#findings').scrollIntoViewIfNeeded()
await page.screenshot({ path: join(docs, 'finding.png') })

/* the desk: a month and an item, in the light, in the dark and on a phone */
const desk = spawn(process.execPath, [join(docs, '../dist/src/cli.js'), 'desk', '--port', '0'], {
  cwd: dirname(reports),
  stdio: ['ignore', 'pipe', 'inherit'],
})
const { value: line } = await createInterface({ input: desk.stdout })[Symbol.asyncIterator]().next()
const link = String(line).split(' ').at(-1)
const session = await browser.newContext({ viewport: { width: 1280, height: 860 } })
const first = await session.newPage()
await first.goto(link)
await first.locator('tbody a').first().click()
const month = first.url()
const found = await first
  .locator('tr.item', { hasText: 'Amount differs' })
  .first()
  .locator('a.open')
  .getAttribute('href')
const item = new URL(found ?? '', month).href
const storageState = await session.storageState()
for (const [suffix, options] of [
  ['', { viewport: { width: 1280, height: 860 } }],
  ['-dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }],
  ['-phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
]) {
  const context = await browser.newContext({ ...options, storageState })
  const shown = await context.newPage()
  for (const [name, address] of [
    ['month', month],
    ['item', item],
    ['close', `${month}/close`],
  ]) {
    await shown.goto(address)
    await shown.screenshot({ path: join(docs, `desk-${name}${suffix}.png`) })
  }
  await context.close()
}
desk.kill('SIGTERM')
await browser.close()

const workbook = readdirSync(folder).find((name) => name.endsWith('.xlsx'))
if (!workbook) throw new Error(`${folder} has no workbook`)
const scratch = mkdtempSync(join(tmpdir(), 'tieout-screenshots-'))
const profile = `-env:UserInstallation=${pathToFileURL(join(scratch, 'profile')).href}`
execFileSync('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', scratch, join(folder, workbook)])
const pdf = join(scratch, workbook.replace(/xlsx$/, 'pdf'))
const textOf = (number) =>
  execFileSync('pdftotext', ['-f', `${number}`, '-l', `${number}`, pdf, '-'], { encoding: 'utf8' })
let number = 1
while (!textOf(number).startsWith('Discrepancies')) number += 1
execFileSync('pdftoppm', [
  ...['-r', '110', '-f', `${number}`, '-l', `${number}`, '-png', '-singlefile'],
  ...[pdf, join(docs, 'workpaper-discrepancies')],
])
rmSync(scratch, { recursive: true, force: true })
