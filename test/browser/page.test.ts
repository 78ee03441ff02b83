import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReports } from '../../src/report/reports.ts'
import { HARBOR, storeHarbor } from '../integration/report/harbor.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { MANY, storeMany } from '../support/many-findings.ts'
import { launch, skipped, titled } from './chromium.ts'

describe.skipIf(skipped)(titled('the HTML report in a browser'), () => {
  let database: FreshDatabase
  let folder: string
  let browser: Browser
  let axe: string

  const written = async (name: string, ...business_ids: string[]): Promise<string> => {
    const output = join(folder, `${name}.html`)
    await writeReports(
      database,
      { hash: 'c0ffee', reports: { dir: folder, formats: ['html'], url: null, per_business: false } },
      {
        as_of: null,
        generated_at: '2026-11-02T17:00:00Z',
        formats: ['html'],
        output,
        from: null,
        to: null,
        business_ids,
        stdout: null,
      },
    )
    return pathToFileURL(output).href
  }
  let harbor: string

  beforeAll(async () => {
    database = await freshDatabase()
    await storeHarbor(database)
    await storeMany(database, 2_000)
    folder = await mkdtemp(join(tmpdir(), 'tieout-page-'))
    harbor = await written('harbor', HARBOR)
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    browser = await launch()
  })

  afterAll(async () => {
    await browser?.close()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Opens the page, runs the steps, and holds that nothing was asked of the network and nothing was complained of. */
  const visit = async (
    address: string,
    steps: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const noise: string[] = []
    page.on('console', (message) => noise.push(message.text()))
    page.on('pageerror', (error) => noise.push(String(error)))
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) noise.push(request.url())
    })
    await page.goto(address)
    await steps(page)
    expect(noise).toEqual([])
    await context.close()
  }

  const shown = (page: Page): Promise<(string | null)[]> =>
    page.locator('.finding:visible').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')))

  test('the figures stand above the worklist, the worklist above the tie-out, and the sources below all of it', async () => {
    await visit(harbor, async (page) => {
      const text = await page.locator('main').innerHTML()
      const places = [
        'October 2026',
        'the vendor refunds were not pulled completely',
        'Since the night of 1 Nov 2026',
        'Worklist',
        'Missing in the ledger',
        '<h3>Tie-out',
        '<h3>Roll-forward',
        'From the ledger to the processors',
        '<h3>Sources',
      ].map((part) => text.indexOf(part))
      expect(places.every((place) => place >= 0)).toBe(true)
      expect([...places].sort((a, b) => a - b)).toEqual(places)
      expect(await page.locator('.chart').count()).toBe(3)
    })
  })

  test('the first findings are on the first screen of 1280 by 800, under the figures of the month', async () => {
    await visit(
      harbor,
      async (page) => {
        for (const id of ['d11', 'd21']) {
          const box = await page.locator(`[data-id=${id}]`).boundingBox()
          expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThan(800)
        }
        const cells = await page.locator('.figures tbody td.number').allTextContents()
        expect(cells[0]).toBe('90,071,992,547,459.93')
        expect(cells.slice(1, 4)).toEqual(['105.00', '+90,071,992,547,354.93', '+90,071,992,547,354.93'])
      },
      { viewport: { width: 1280, height: 800 } },
    )
  })

  test.each([
    ['an amount', '45.00', ['d11']],
    ['an amount as it is grouped', '90,071,992,547,409.93', ['d41']],
    ['an amount with a comma for the cents', '45,00', ['d11']],
    ['an amount with points for the thousands', '90.071.992.547.409,93', ['d41']],
    ['a refund id of the processor', 're_22', ['d21']],
    ['a payment of the ledger', 'pay_31', ['d31']],
    ['an order number, written as both sides do', '#1001', ['d21']],
    ['an invoice number of the ledger', 'INV-31', ['d31']],
    ['words of the sentence', 'allocations come 25.00', ['d51']],
    ['nothing that is there', 'no such thing', []],
  ])('searching for %s finds what has it', async (_what, words, ids) => {
    await visit(harbor, async (page) => {
      await page.keyboard.press('/')
      await page.keyboard.type(words)
      const count = ids.length === 1 ? '1 of 6 findings' : `${ids.length} of 6 findings`
      await page.getByRole('status').filter({ hasText: count }).waitFor()
      expect(await shown(page)).toEqual(ids)
    })
  })

  test('filters narrow the list, and Clear brings all of it back', async () => {
    await visit(harbor, async (page) => {
      await page.getByLabel('Kind').selectOption('timing')
      await expect.poll(() => shown(page)).toEqual(['d41'])
      await page.getByLabel('Month').selectOption('2026-09')
      await expect.poll(() => shown(page)).toEqual([])
      await page.getByLabel('Kind').selectOption('info')
      await expect.poll(() => shown(page)).toEqual(['d31'])
      await page.getByRole('button', { name: 'Clear' }).click()
      await expect.poll(async () => (await shown(page)).length).toBe(6)
      await page.getByLabel('Status').selectOption('resolved')
      await expect.poll(() => shown(page)).toEqual(['d52'])
    })
  })

  test('largest first begins with ninety trillion, oldest first with September', async () => {
    await visit(harbor, async (page) => {
      await page.getByLabel('Order').selectOption('largest')
      await expect.poll(async () => (await shown(page))[0]).toBe('d41')
      await page.getByLabel('Order').selectOption('oldest')
      await expect.poll(async () => (await shown(page))[0]).toBe('d31')
    })
  })

  test('the panel has both sides next to each other, with file, line and pull; the address names the finding', async () => {
    await visit(harbor, async (page) => {
      await page.locator('[data-id=d21]').click()
      const panel = page.locator('#panel')
      await expect.poll(() => panel.textContent()).toContain('Amount differs')
      const cells = await panel
        .locator('table')
        .first()
        .locator('tr')
        .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent)))
      expect(cells[0]).toEqual(['What', 'Ledger', 'Stripe'])
      expect(cells[1]).toEqual(['Amount', '50.00 USD', '40.00 USD'])
      expect(cells.at(-1)).toEqual([
        'Where from',
        'pull of 2026-10-15 16:00 UTC',
        'refund, stripe-october.csv, line 12',
      ])
      expect(await page.evaluate<string>('location.hash')).toBe('#d=d21')
    })
  })

  test('a link opens its finding, and the keyboard goes through the list', async () => {
    await visit(`${harbor}#d=d31`, async (page) => {
      await expect.poll(() => page.locator('#panel').textContent()).toContain('Falls into different months')
      await page.keyboard.press('Escape')
      await expect.poll(() => page.locator('#panel').isHidden()).toBe(true)
      expect(await page.evaluate<string>("document.activeElement.getAttribute('data-id')")).toBe('d31')
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate<string>('location.hash')).toBe('#d=d41')
    })
  })

  test('an id can be copied', async () => {
    await visit(
      harbor,
      async (page) => {
        await page.locator('[data-id=d11]').click()
        await page.getByRole('button', { name: 'copy re_11' }).click()
        await expect.poll(() => page.getByRole('button', { name: 'copy re_11' }).textContent()).toBe('copied')
        expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('re_11')
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    )
  })

  test('on paper, A4 or Letter, stand the findings with their ids and sources, without the controls, and nothing is cut off', async () => {
    await visit(
      harbor,
      async (page) => {
        await page.emulateMedia({ media: 'print' })
        expect(await page.locator('#controls').isVisible()).toBe(false)
        const line = page.locator('.line', { has: page.locator('[data-id=d21]') })
        expect(await line.locator('.ids').innerText()).toContain('stripe-october.csv line 12')
        expect(await line.locator('.ids').innerText()).toContain('Finding d21')
        await page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        expect(await page.getByRole('heading', { name: 'Sources' }).isVisible()).toBe(true)
        expect(await page.locator('.sources table').first().isVisible()).toBe(true)
        // the width of A4 within its margins
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(688)
        for (const format of ['A4', 'Letter'] as const) {
          const pdf = (await page.pdf({ format })).toString('latin1')
          const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
          expect(pages).toBeGreaterThanOrEqual(1)
          expect(pages).toBeLessThanOrEqual(4)
        }
      },
      { viewport: { width: 688, height: 1000 } },
    )
  })

  test('without a script the findings and their ids can be read all the same', async () => {
    await visit(
      harbor,
      async (page) => {
        expect(await page.locator('.finding').count()).toBe(6)
        expect(await page.locator('.line .ids').first().isVisible()).toBe(true)
      },
      { javaScriptEnabled: false },
    )
  })

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ] as const)('axe finds nothing to object to, %s, with the panel open', async (_how, options) => {
    await visit(
      harbor,
      async (page) => {
        const objections = async (): Promise<string[]> => {
          await page.evaluate(axe)
          return await page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target).join(' ')))`)
        }
        expect(await objections()).toEqual([])
        await page.locator('[data-id=d21]').click()
        expect(await objections()).toEqual([])
      },
      options,
    )
  })

  test.each([
    ['as it is', null],
    ['with names of 120 letters without a space', 'W'.repeat(120)],
  ])('on a phone nothing is wider than the screen, %s', async (_how, name) => {
    if (name !== null) {
      await database.query(`update business set name = $1 where business_id = $2`, [name, HARBOR])
      await database.query(`update ledger_refund set external_id = $1 where refund_id = 'r21'`, [name])
    }
    const page_of_it = await written('phone', HARBOR)
    await database.query(`update business set name = 'Harbor Coffee' where business_id = $1`, [HARBOR])
    await database.query(`update ledger_refund set external_id = 'ext-r21' where refund_id = 'r21'`)
    await visit(
      page_of_it,
      async (page) => {
        const width = (): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth')
        expect(await width()).toBe(390)
        await page.locator('#controls summary').click()
        expect(await width()).toBe(390)
        await page.locator('[data-id=d21]').click()
        expect(await width()).toBe(390)
      },
      { viewport: { width: 390, height: 844 }, isMobile: true },
    )
  })

  test('an id that is markup is shown as text and runs nothing', async () => {
    const id = '</script><img src=x onerror=alert(1)>'
    await database.query(`update ledger_refund set external_id = $1 where refund_id = 'r21'`, [id])
    const hostile = await written('hostile', HARBOR)
    await database.query(`update ledger_refund set external_id = 'ext-r21' where refund_id = 'r21'`)
    await visit(`${hostile}#d=d21`, async (page) => {
      await expect.poll(() => page.locator('#panel').textContent()).toContain(id)
      expect(await page.locator('img').count()).toBe(0)
    })
  })

  test('of 2,000 findings the page holds the 500 largest, says where the rest is, and searches without a pause', async () => {
    const many = await written('many', MANY)
    await visit(many, async (page) => {
      const spent = async (step: () => Promise<unknown>, said: string): Promise<number> => {
        const begin = performance.now()
        await step()
        await page.getByRole('status').filter({ hasText: said }).waitFor()
        return performance.now() - begin
      }
      expect(await page.evaluate<number>("performance.getEntriesByType('navigation')[0].duration")).toBeLessThan(5_000)
      await page.getByRole('status').filter({ hasText: '500 findings' }).waitFor()
      expect(await page.locator('.partly').first().textContent()).toContain('the 500 largest of 2000 findings')
      expect(await page.locator('.group .tally').first().textContent()).toContain('500 of 1000 findings, 11,010.00 USD')
      expect(await page.locator('.finding').count()).toBe(500)
      const id = await page.locator('.finding').first().getAttribute('data-id')
      expect(await spent(() => page.getByLabel('Search').fill(id ?? ''), '1 of 500 findings')).toBeLessThan(1_500)
      expect(await spent(() => page.getByLabel('Search').fill(''), '500 findings')).toBeLessThan(500)
      await page.getByLabel('Order').selectOption('largest')
      await expect.poll(() => page.locator('.finding').first().textContent()).toContain('-21.00 USD')
      expect(await page.locator('.finding:visible').count()).toBe(25)
      await page.getByRole('button', { name: 'Show 475 more findings' }).click()
      expect(await page.locator('.finding:visible').count()).toBe(500)
    })
  })

  test('two businesses stand in a table first, then the findings of both; each has its proof below, and a phone shows all of it', async () => {
    const both = await written('both', HARBOR, MANY)
    await visit(
      both,
      async (page) => {
        const rows = await page
          .locator('.overview tbody tr')
          .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent)))
        expect(rows[0]?.slice(0, 5)).toEqual([
          ...['Harbor Coffee', '2026-10', 'incomplete', '90,071,992,547,354.93 USD', '3'],
        ])
        expect(rows[1]?.[0]).toBe('Many Refunds')
        await page.locator('#controls summary').click()
        await page.locator('#filter-business').selectOption('0')
        await page
          .getByRole('status')
          .filter({ hasText: / of 500 findings/ })
          .waitFor()
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390)
        await page.evaluate(axe)
        expect(
          await page.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id }) => id))'),
        ).toEqual([])
      },
      { viewport: { width: 390, height: 844 }, isMobile: true },
    )
  })
})
