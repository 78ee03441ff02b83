/** A month in the desk, driven in a browser: by two people, with and without script, by keyboard, on a phone, in the dark. */

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import type { Running } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, openHarbor, SECOND } from '../support/harbor.ts'
import { launch, skipped, titled } from './chromium.ts'

describe.skipIf(skipped)(titled('the desk in a browser'), () => {
  let built: Built
  let database: FreshDatabase
  let harbor: Harbor
  let browser: Browser
  let axe: string
  let desk: Running
  let origin: string
  let state: string
  const links = new Map<string, string>()
  const signedIn = new Map<string, BrowserContext>()
  const noise: string[] = []
  const BUSINESS = '/b/5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
  const OCTOBER = `${BUSINESS}/2026-10`

  /** A line of Stripe's once more, with a dollar more: it contradicts the one that is stored. */
  const contradict = (): void => {
    const file = FIRST.files.find(({ path }) => path.includes('stripe'))
    const [header = '', ...lines] = file?.text.trim().split('\n') ?? []
    const columns = header.split(',')
    const cells = lines.find((line) => line.includes(',refund,'))?.split(',') ?? []
    for (const name of ['gross', 'net']) {
      const at = columns.indexOf(name)
      cells[at] = (Number(cells[at]) - 1).toFixed(2)
    }
    writeFileSync(join(harbor.folder, dirname(file?.path ?? ''), 'again.csv'), `${header}\n${cells.join(',')}\n`)
  }

  beforeAll(async () => {
    built = await buildSource()
    database = await freshDatabase()
    harbor = await openHarbor(built, database.url)
    const config = join(harbor.folder, 'tieout.yaml')
    const people = 'people: [{name: Ada, role: preparer}, {name: Bob, role: reviewer}, {name: Rae, role: reader}]\n'
    const text = readFileSync(config, 'utf8').replace('    currency: USD\n', '    currency: USD\n    four_eyes: true\n')
    writeFileSync(config, `${people}${text}`)
    for (const night of [FIRST, SECOND]) {
      harbor.arrives(night)
      if (night === SECOND) contradict()
      const ended = await harbor.nightly(night)
      expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)])
    }
    desk = harbor.start('desk', '--port', '0')
    let said = ''
    desk.process.stdout?.on('data', (part: Buffer) => {
      said += String(part)
    })
    await desk.says('the desk listens')
    for (const line of said.trim().split('\n')) {
      const [, name = '', link = ''] = /^(\w+) \(\w+\) (http:\/\/127\.0\.0\.1:\d+\/sign-in\/\S+)$/.exec(line) ?? []
      links.set(name, link)
    }
    expect([...links.keys()]).toEqual(['Ada', 'Bob', 'Rae'])
    origin = new URL(links.get('Ada') ?? '').origin
    axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    browser = await launch()
    for (const [name, link] of links) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      await page.goto(link)
      expect(new URL(page.url()).pathname).toBe('/')
      signedIn.set(name, context)
    }
    state = JSON.stringify(await signedIn.get('Ada')?.storageState())
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    desk?.process.kill('SIGTERM')
    expect((await desk?.ended)?.code ?? 0).toBe(0)
    await harbor?.close()
    await database?.close()
  })

  const listened = (page: Page): Page => {
    page.on('console', (message) => noise.push(message.text()))
    page.on('pageerror', (error) => noise.push(String(error)))
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) noise.push(request.url())
    })
    return page
  }

  /** A page of who is signed in. */
  const pageOf = async (name: string, path: string): Promise<Page> => {
    const page = listened(await (signedIn.get(name) as BrowserContext).newPage())
    await page.goto(origin + path)
    return page
  }

  /** Ada's session in a window of another kind. */
  const elsewhere = async (options: BrowserContextOptions): Promise<Page> => {
    const context = await browser.newContext({ ...options, storageState: JSON.parse(state) })
    return listened(await context.newPage())
  }

  const itemOf = async (code: string, where = ''): Promise<string> => {
    const [found] = await database.query<{ id: string }>(
      `select discrepancy_id as id from discrepancy where code = $1 and status = 'open' ${where} order by size desc limit 1`,
      [code],
    )
    return found?.id ?? ''
  }

  const violations = async (page: Page): Promise<string[]> => {
    await page.evaluate(axe)
    return await page.evaluate<string[]>(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
    )
  }

  const screens = async (): Promise<string[]> => [
    '/',
    OCTOBER,
    `${OCTOBER}?q=45%2C60`,
    `${OCTOBER}/tie-out`,
    `${OCTOBER}/close`,
    `${OCTOBER}/roll-forward?step=closing&processor=STRIPE&direction=customer&currency=USD`,
    `${OCTOBER}/refunds?side=ledger&processor=STRIPE`,
    `${BUSINESS}/item/${await itemOf('AMOUNT_MISMATCH')}`,
    `${BUSINESS}/item/${await itemOf('MISSING_IN_LEDGER')}`,
    `${BUSINESS}/why?id=${await itemOf('AMOUNT_MISMATCH')}`,
    `${BUSINESS}/look-up?q=t`,
    `${BUSINESS}/quarantine`,
    `${BUSINESS}/rulings`,
    '/nothing',
  ]

  test('every screen is free of violations, in the light and in the dark, and asks nothing of anybody else', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await elsewhere({ viewport: { width: 1280, height: 900 }, colorScheme })
      for (const path of await screens()) {
        await page.goto(origin + path)
        expect([colorScheme, path, await violations(page)]).toEqual([colorScheme, path, []])
      }
      await page.context().close()
    }
    expect(noise.filter((line) => !line.includes('404'))).toEqual([])
  }, 60_000)

  test('no screen scrolls sideways on a window of 390 pixels', async () => {
    const page = await elsewhere({ viewport: { width: 390, height: 844 } })
    for (const path of await screens()) {
      await page.goto(origin + path)
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect([path, width]).toEqual([path, 390])
      expect([path, await violations(page)]).toEqual([path, []])
    }
    // the worklist begins on the first screen
    await page.goto(origin + OCTOBER)
    const box = await page.locator('tr.item').first().boundingBox()
    expect((box?.y ?? 844) + (box?.height ?? 0)).toBeLessThan(844)
    await page.context().close()
  }, 60_000)

  test('the figures of October, and a worklist that is searched by order, amount and owner', async () => {
    const page = await pageOf('Ada', '/')
    await page.getByRole('link', { name: 'Harbor Coffee' }).click()
    expect(new URL(page.url()).pathname).toBe(OCTOBER)
    const standing = await page.locator('.standing').innerText()
    expect(standing).toMatch(/incomplete|discrepant/i)
    const all = await page.locator('tr.item').count()
    expect(all).toBeGreaterThanOrEqual(19)
    const sizes = await page.locator('tr.item').evaluateAll((rows) => rows.map((row) => Number(row.dataset['size'])))
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    const order = (await page.locator('tr.item .known').first().innerText()).split(/\s/)[0] ?? ''
    await page.getByLabel('Search').fill(order)
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=/)
    expect(new URL(page.url()).search).toBe(`?q=${order}`)
    expect(await page.locator('tr.item').count()).toBe(1)
    await page.goto(`${origin}${OCTOBER}?q=182,25`)
    expect(await page.locator('.sums').innerText()).toContain('182.25 USD')
    expect(await page.locator('tr.item').count()).toBe(1)
    await page.goto(`${origin}${OCTOBER}?code=AMOUNT_MISMATCH`)
    expect(await page.locator('tr.item').count()).toBe(2)
    await page.close()
  })

  test('an item is resolved by keys alone', async () => {
    const page = await pageOf('Ada', `${OCTOBER}?code=RETURNED_FEE_MISMATCH`)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/item\//)
    await page.keyboard.press('r')
    await page.keyboard.type('the fee was agreed on the phone')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.notice')
    expect(await page.locator('.notice').innerText()).toBe('1 item resolved as explained by Ada.')
    expect(await page.locator('.history').innerText()).toContain('Ada resolved it as explained')
    await page.close()
  })

  test('of two people who decide at once the second is told what the first did, and nothing is written', async () => {
    const path = `${BUSINESS}/item/${await itemOf('REFUND_FAILED')}`
    const [ada, bob] = [await pageOf('Ada', path), await pageOf('Bob', path)]
    await ada.getByRole('button', { name: 'Acknowledge' }).click()
    await ada.waitForSelector('.notice')
    await bob.getByLabel('Why', { exact: true }).fill('it came back by itself')
    await bob.getByRole('button', { name: 'Resolve', exact: true }).click()
    const refused = bob.getByRole('alert')
    expect(await refused.innerText()).toMatch(/changed since you looked at it: Ada acknowledged it on/)
    expect(await bob.locator('.facts .state').innerText()).toBe('acknowledged')
    // what Bob wrote is not lost, and stands against the item as it is now
    expect(await bob.getByLabel('Why', { exact: true }).inputValue()).toBe('it came back by itself')
    await bob.getByRole('button', { name: 'Resolve', exact: true }).click()
    await bob.waitForSelector('.notice')
    expect(await bob.locator('.notice').innerText()).toBe('1 item resolved as explained by Bob.')
    await Promise.all([ada.close(), bob.close()])
  })

  test('without script an item is filtered, chosen, assigned and commented', async () => {
    const page = await elsewhere({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false })
    await page.goto(origin + OCTOBER)
    await page.getByLabel('Kind').selectOption('error')
    await page.getByRole('button', { name: 'Show' }).click()
    expect(new URL(page.url()).searchParams.get('show')).toBe('error')
    await page.locator('tr.item input').first().check()
    await page.locator('tr.item input').nth(1).check()
    await page.getByRole('button', { name: 'Decide about the chosen' }).click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^Decide about 2 items, [\d.,]+ USD$/)
    await page.getByLabel('Assign to').fill('Bob')
    await page.getByLabel('due').fill('2026-11-20')
    await page.getByRole('button', { name: 'Assign' }).click()
    expect(await page.locator('.notice').innerText()).toBe('2 items assigned by Ada.')
    await page.goto(`${origin}${OCTOBER}?owner=bob`)
    expect(await page.locator('tr.item').count()).toBe(2)
    await page.goto(`${origin}${OCTOBER}?q=bob`)
    expect(await page.locator('tr.item').count()).toBe(2)
    await page.context().close()
  })

  test('twelve items are decided at once, with their count and their sum shown', async () => {
    const page = await pageOf('Ada', OCTOBER)
    await page.setViewportSize({ width: 1280, height: 900 })
    let sum = 0
    const rows = page.locator('tr.item.error:not([data-currency=CAD])')
    for (let place = 2; place < 14; place += 1) {
      await rows.nth(place).locator('input').check()
      sum += Number(await rows.nth(place).getAttribute('data-size'))
    }
    const said = `12 chosen: ${(sum / 100).toFixed(2)} USD`
    expect(await page.locator('[data-chosen]').innerText()).toBe(said)
    await page.getByRole('button', { name: 'Decide about the chosen' }).click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(
      `Decide about 12 items, ${(sum / 100).toFixed(2)} USD`,
    )
    expect(await violations(page)).toEqual([])
    await page.getByLabel('Why').first().fill('looked at with the shop')
    await page.getByRole('button', { name: /^Resolve 12 items/ }).click()
    await page.waitForSelector('.notice')
    expect(await page.locator('.notice').innerText()).toBe('12 items resolved as explained by Ada.')
    await page.close()
  })

  test('without script all that a filter means is assigned at once, with its count and sum', async () => {
    const page = await elsewhere({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false })
    await page.goto(`${origin}${OCTOBER}?show=all&state=all`)
    const [count = '', sum = ''] = (
      /^(\d+) items?(.*?)(?::|$)/.exec(await page.locator('.sums').innerText()) ?? []
    ).slice(1)
    expect(Number(count)).toBeGreaterThan(1)
    await page.getByRole('button', { name: `Decide about all ${count} items` }).click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(`Decide about ${count} items${sum}`)
    await page.getByLabel('Assign to').fill('Rae')
    await page.getByRole('button', { name: 'Assign' }).click()
    expect(await page.locator('.notice').innerText()).toBe(`${count} items assigned by Ada.`)
    await page.goto(`${origin}${OCTOBER}?owner=rae&show=all&state=all`)
    expect(await page.locator('tr.item').count()).toBe(Number(count))
    await page.context().close()
  })

  test('a correction is proposed by one person and approved by another, who see the request as it will be sent', async () => {
    const path = `${BUSINESS}/item/${await itemOf('MISSING_IN_LEDGER', `and currency = 'USD'`)}`
    const ada = await pageOf('Ada', path)
    await ada.getByText('Propose a correction').click()
    await ada.getByRole('button', { name: 'Propose', exact: true }).click()
    await ada.waitForSelector('.notice')
    expect(await ada.locator('.notice').innerText()).toMatch(/^A correction is proposed: look at its request/)
    expect(await ada.locator('.do pre').innerText()).toMatch(/POST \/v1\/businesses\/.*\/refund/)
    expect(await ada.getByRole('button', { name: 'Approve the correction' }).count()).toBe(0)
    expect(await ada.locator('.do').innerText()).toContain('You proposed it: another person has to approve it.')
    expect(await violations(ada)).toEqual([])
    const [bob, late] = [await pageOf('Bob', path), await pageOf('Bob', path)]
    // of this bill payment 540.00 are left, while 182.25 came back
    for (const each of [bob, late])
      await each.getByLabel('Why it is made although it comes out otherwise').fill('the rest follows')
    await bob.getByRole('button', { name: 'Approve the correction' }).click()
    await bob.waitForSelector('.notice')
    expect(await bob.locator('.notice').innerText()).toBe(
      'The correction is approved by Bob: `tieout corrections post` sends it to Layer.',
    )
    expect(await bob.locator('.do').innerText()).toContain('tieout corrections post sends it to Layer.')
    await late.getByRole('button', { name: 'Approve the correction' }).click()
    expect(await late.getByRole('alert').innerText()).toMatch(
      /the correction changed since you looked at it, and is approved now/,
    )
    await Promise.all([ada.close(), bob.close(), late.close()])
  })

  test('a pair is ruled to be one match, and a line is accepted; the next run follows both', async () => {
    const leg = await itemOf('MISSING_AT_PROCESSOR')
    const [row] = await database.query<{ id: string }>(
      `select discrepancy_id as id from discrepancy
       where code = 'MISSING_IN_LEDGER' and processor = 'STRIPE' and status <> 'cleared' limit 1`,
    )
    const [other] = await database.query<{ id: string }>(
      `select discrepancy_id as id from discrepancy where code = 'MISSING_AT_PROCESSOR' and status <> 'cleared' limit 1`,
    )
    const page = await pageOf('Ada', `${BUSINESS}/item/${leg === '' ? other?.id : leg}`)
    if ((await page.getByText('Match with ...').count()) === 0) {
      await page.getByRole('button', { name: 'Reopen' }).click()
      await page.waitForSelector('.notice')
    }
    const bob = await pageOf('Bob', new URL(page.url()).pathname)
    for (const each of [page, bob]) {
      await each.getByText('Match with ...').click()
      await each.getByLabel('Ids of legs, rows or findings').fill(row?.id ?? '')
    }
    await page.getByRole('button', { name: 'Match', exact: true }).click()
    await page.waitForSelector('.notice')
    expect(await page.locator('.notice').innerText()).toMatch(/^Ruled: .* are one match\. The next run follows it\.$/)
    // Bob looked at it before Ada ruled
    await bob.getByRole('button', { name: 'Match', exact: true }).click()
    expect(await bob.getByRole('alert').innerText()).toMatch(/^nothing was written: Ada ruled match about it on/)
    await bob.close()
    await page.goto(`${origin}${BUSINESS}/rulings`)
    expect(await page.locator('.record').count()).toBe(1)
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    expect(await page.locator('.notice').innerText()).toMatch(/^All \d+ events hold/)
    await page.goto(`${origin}${BUSINESS}/quarantine`)
    await page.getByRole('button', { name: 'Accept this line' }).click()
    await page.waitForSelector('.notice')
    expect(await page.locator('.notice').innerText()).toContain('accepted by Ada')
    await page.close()
    expect((await harbor.run('reconcile', '--as-of', SECOND.as_of)).code).toBe(0)
    expect(await database.query(`select from match_item where pass = 'manual'`)).toHaveLength(1)
    expect(await database.query(`select from quarantine where state = 'open'`)).toEqual([])
  }, 60_000)

  test('a month is prepared by one person and signed by another, verified, and proved as a file', async () => {
    const [ada, bob] = [await pageOf('Ada', `${OCTOBER}/close`), await pageOf('Bob', `${OCTOBER}/close`)]
    await ada.getByLabel('Why it is closed so; this is signed with it').fill('what is open is known and small')
    await ada.getByRole('button', { name: 'Prepare October 2026' }).click()
    await ada.waitForSelector('.notice')
    expect(await ada.locator('.notice').innerText()).toBe('October 2026 prepared by Ada: another person reviews it.')
    expect(await ada.getByRole('button', { name: /^Review/ }).count()).toBe(0)
    // a reviewer's form that a preparer sends all the same
    await ada.evaluate(`document.querySelector('form[data-deed=reopen] input[name=act]').value = 'review'`)
    await ada.getByLabel('Why it is taken back').fill('x')
    await ada.getByRole('button', { name: 'Take the preparation back' }).click()
    expect(await ada.getByRole('alert').innerText()).toContain('a reviewer has to do it')
    await bob.reload()
    expect(await violations(bob)).toEqual([])
    await bob.getByRole('button', { name: 'Review and close October 2026' }).click()
    await bob.waitForSelector('.notice')
    expect(await bob.locator('.notice').innerText()).toBe('October 2026 closed: prepared by Ada, reviewed by Bob.')
    await bob.getByRole('button', { name: 'Verify' }).click()
    await bob.waitForSelector('.notice')
    expect(await bob.locator('.notice').innerText()).toMatch(/^It is as it was signed: SHA-256 [0-9a-f]{64}; the chain/)
    const [download] = await Promise.all([
      bob.waitForEvent('download'),
      bob.getByRole('link', { name: 'Export the signed close' }).click(),
    ])
    const file = join(harbor.folder, 'close.json')
    await download.saveAs(file)
    const proved = await harbor.run('verify', file)
    expect([proved.code, proved.stdout]).toEqual([0, expect.stringContaining('Ada')])
    await bob.goto(`${origin}/`)
    expect(await bob.getByRole('cell', { name: 'Ada and Bob' }).count()).toBe(1)
    await bob.goto(origin + OCTOBER)
    expect(await bob.locator('.badge.signed').innerText()).toMatch(/signed by Ada and Bob/i)
    expect(await violations(bob)).toEqual([])
    await Promise.all([ada.close(), bob.close()])
  }, 60_000)

  test('a reader sees it all and is offered nothing to decide', async () => {
    const page = await pageOf('Rae', OCTOBER)
    expect(await page.locator('tr.item').count()).toBeGreaterThan(0)
    expect(await page.locator('input[type=checkbox][name=item]').count()).toBe(0)
    await page.goto(`${origin}${BUSINESS}/item/${await itemOf('CURRENCY_MISMATCH')}`)
    expect(await page.locator('.deed').count()).toBe(0)
    await page.goto(`${origin}${OCTOBER}/close`)
    expect(await page.locator('.deed').count()).toBe(0)
    await page.close()
  })
})
