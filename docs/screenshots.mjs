/*
 * Makes the pictures of the docs from the demo's reports: npm run demo && npm run screenshots
 * Needs, on Debian: apt-get install chromium libreoffice-calc-nogui poppler-utils
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
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
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
await page.goto(pathToFileURL(join(folder, 'report.html')).href)
await page.screenshot({ path: join(docs, 'report.png') })
await page.locator('.finding', { hasText: 'refunded' }).filter({ hasText: 'where' }).first().click()
await page.locator('#findings').scrollIntoViewIfNeeded()
await page.screenshot({ path: join(docs, 'finding.png') })
await browser.close()

const workbook = readdirSync(folder).find((name) => name.endsWith('.xlsx'))
if (!workbook) throw new Error(`${folder} has no workbook`)
const scratch = mkdtempSync(join(tmpdir(), 'tieout-screenshots-'))
const profile = `-env:UserInstallation=${pathToFileURL(join(scratch, 'profile')).href}`
execFileSync('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', scratch, join(folder, workbook)])
const pdf = join(scratch, workbook.replace(/xlsx$/, 'pdf'))
// Page 1 is the cover, page 2 the tie-out.
execFileSync('pdftoppm', [
  '-r',
  '110',
  '-f',
  '3',
  '-l',
  '3',
  '-png',
  '-singlefile',
  pdf,
  join(docs, 'workpaper-discrepancies'),
])
rmSync(scratch, { recursive: true, force: true })
