/** Debian's Chromium, driven by Playwright. Where none is installed the tests say so and are skipped, but not in CI. */

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

const found = PLACES.find((path) => existsSync(path))

/** Whether to skip: CI must have a browser, elsewhere it is no duty. */
export const skipped = found === undefined && process.env['CI'] !== 'true'

/** The name of a group of tests, saying why it is skipped. */
export const titled = (title: string): string =>
  skipped ? `${title} (skipped: no Chromium here; apt-get install chromium)` : title

/** Without Chromium's own network traffic: the page is to be alone. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: found ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
