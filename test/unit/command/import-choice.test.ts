import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BusinessConfig, ProcessorConfig } from '../../../src/config/config.ts'
import { chooseImports, coversOf } from '../../../src/night/import-choice.ts'
import { PLAIN_BUSINESS, PLAIN_PROCESSOR } from '../../support/plain-config.ts'

const entry = (name: string, account: string, aliases: string[] = []): ProcessorConfig => ({
  ...PLAIN_PROCESSOR,
  name,
  account,
  aliases,
  time_zone: 'UTC',
  format: 'auto',
  inbox: [`/inbox/${name.toLowerCase()}${account}/*.csv`],
  settlement_lag_days: 5,
  coverage_hole_days: 3,
  date_window_days: 3,
  amount_tolerance: 0n,
  fee_tolerance: 0n,
  reference_columns: [],
  date_order: null,
})
const harbor: BusinessConfig = {
  ...PLAIN_BUSINESS,
  id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
  name: 'Harbor Coffee',
  currency: 'USD',
  time_zone: 'America/New_York',
  ledger_lag_days: 2,
  four_eyes: false,
  processors: [entry('STRIPE', 'us', ['CARDS']), entry('STRIPE', 'eu'), entry('BILLPAY', '')],
}

const chosen = async (files: string[], named?: string): Promise<string[]> => {
  const imports = await chooseImports(harbor, files, named)
  return imports.map(({ processor, paths }) => `${processor.name}/${processor.account}: ${paths.join(' ')}`)
}

describe('a file named to tieout import', () => {
  it('belongs to the processor in whose inbox it lies', async () => {
    expect(await chosen(['/inbox/stripeeu/a.csv', '/inbox/billpay/b.csv', '/inbox/stripeeu/c.csv'])).toEqual([
      'STRIPE/eu: /inbox/stripeeu/a.csv /inbox/stripeeu/c.csv',
      'BILLPAY/: /inbox/billpay/b.csv',
    ])
  })

  it('belongs to the one that is named, by name, alias or account', async () => {
    expect(await chosen(['/x.csv'], 'billpay')).toEqual(['BILLPAY/: /x.csv'])
    expect(await chosen(['/x.csv'], 'stripe/eu')).toEqual(['STRIPE/eu: /x.csv'])
    expect(await chosen(['/x.csv'], 'cards/eu')).toEqual(['STRIPE/eu: /x.csv'])
  })

  it('is not guessed at', async () => {
    await expect(chosen(['/x.csv'])).rejects.toThrow('whose file is it? Say so with --processor; there are STRIPE/us')
    await expect(chosen(['/x.csv'], 'stripe')).rejects.toThrow('--processor stripe has several accounts')
    await expect(chosen(['/x.csv'], 'cards')).rejects.toThrow('--processor cards has several accounts')
    await expect(chosen(['/x.csv'], 'adyen')).rejects.toThrow('--processor adyen is not configured for Harbor Coffee')
  })
})

describe('the files of a night', () => {
  it('come in the order of the entries, then of their paths by code unit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-order-'))
    try {
      for (const name of [
        'us/b.csv',
        'us/B.csv',
        'us/a.csv',
        'us/older/z.csv',
        'eu/ä.csv',
        'eu/z.csv',
        'eu/10.csv',
        'eu/9.csv',
      ]) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), '')
      }
      const [us, eu] = [entry('STRIPE', 'us'), entry('STRIPE', 'eu')]
      const processors = [
        { ...us, inbox: [join(folder, 'us/older/*.csv'), join(folder, 'us/*.csv')] },
        { ...eu, inbox: [join(folder, 'eu/*.csv')] },
      ]
      const imports = await chooseImports({ ...harbor, processors }, [], undefined)
      expect(imports.flatMap(({ paths }) => paths.map((path) => relative(folder, path)))).toEqual([
        ...['us/B.csv', 'us/a.csv', 'us/b.csv', 'us/older/z.csv'],
        ...['eu/10.csv', 'eu/9.csv', 'eu/z.csv', 'eu/ä.csv'],
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('--covers', () => {
  it('takes two dates, the first not after the second', () => {
    expect(coversOf('2026-10-01..2026-10-31')).toEqual({ from: '2026-10-01', to: '2026-10-31' })
    expect(coversOf(undefined)).toBeNull()
    for (const text of ['', '2026-10-01', '2026-10-02..2026-10-01', '2026-02-30..2026-03-01', '2026-10-01..']) {
      expect(() => coversOf(text)).toThrow('expected two dates such as 2026-10-01..2026-10-31')
    }
  })
})
