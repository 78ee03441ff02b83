import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileFault } from '../../src/core/errors.ts'
import { type Rate, readRates } from '../../src/core/rates.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-rates-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (text: string): Rate[] => {
  const path = join(folder, 'rates.csv')
  writeFileSync(path, text)
  return readRates(path)
}

/** The faults of a file, without the folder. */
const faultsOf = (text: string): string[] => {
  try {
    read(text)
  } catch (fault) {
    if (!(fault instanceof FileFault)) throw fault
    const [first = '', ...others] = fault.message.split('\n')
    return others.length > 0 ? others.map((line) => line.trim()) : [first]
  }
  return []
}

describe('a file of exchange rates', () => {
  it('gives each rate with its text as it is written, whatever its precision', () => {
    expect(
      read(
        'date,from,to,rate\n2026-10-30,EUR,USD,1.08320\n2026-10-31,gbp,usd,1.295\n2026-10-31,USD,JPY,0.00000000123456789012345\n',
      ),
    ).toEqual([
      { date: '2026-10-30', from: 'EUR', to: 'USD', rate: '1.08320' },
      { date: '2026-10-31', from: 'GBP', to: 'USD', rate: '1.295' },
      { date: '2026-10-31', from: 'USD', to: 'JPY', rate: '0.00000000123456789012345' },
    ])
  })

  it('may have its columns in another order, more of them, a byte order mark, quotes and blank lines', () => {
    expect(read('\ufeffRate, From ,To,Source,Date\r\n"1.1",EUR,USD,"ECB, Frankfurt",2026-10-31\r\n\r\n')).toEqual([
      { date: '2026-10-31', from: 'EUR', to: 'USD', rate: '1.1' },
    ])
  })

  it('may hold no rate yet', () => {
    expect(read('date,from,to,rate\n')).toEqual([])
  })

  it('may say a rate twice, if it says the same', () => {
    expect(read('date,from,to,rate\n2026-10-31,EUR,USD,1.1\n2026-10-31,EUR,USD,1.1\n')).toHaveLength(1)
    expect(faultsOf('date,from,to,rate\n2026-10-31,EUR,USD,1.1\n2026-10-31,eur,USD,1.10\n')).toEqual([
      "rates.csv, line 3: rate is '1.10', expected '1.1' as in line 2 for the same date and currencies",
    ])
  })

  it('is refused with every line that cannot be read, what was found and what was expected', () => {
    expect(
      faultsOf(
        [
          'date,from,to,rate',
          '31.10.2026,EUR,USD,1.1',
          '2026-02-30,EUR,USD,1.1',
          '2026-10-31,Euro,USD,1.1',
          '2026-10-31,EUR,EUR,1.1',
          '2026-10-31,EUR,USD,0.00',
          '2026-10-31,EUR,USD,-1.1',
          '2026-10-31,EUR,USD,"1,1"',
          '2026-10-31,EUR,USD,1e2',
          '2026-10-31,EUR',
        ].join('\n'),
      ),
    ).toEqual([
      "rates.csv, line 2: date is '31.10.2026', expected a date such as 2026-10-31",
      "rates.csv, line 3: date is '2026-02-30', expected a date such as 2026-10-31",
      "rates.csv, line 4: from is 'Euro', expected a currency code of ISO 4217, such as EUR",
      "rates.csv, line 5: to is 'EUR', expected another currency than in from",
      "rates.csv, line 6: rate is '0.00', expected a number greater than 0, such as 1.0832",
      "rates.csv, line 7: rate is '-1.1', expected a number greater than 0, such as 1.0832",
      "rates.csv, line 8: rate is '1,1', expected a number greater than 0, such as 1.0832",
      "rates.csv, line 9: rate is '1e2', expected a number greater than 0, such as 1.0832",
      'rates.csv, line 10: to is empty, expected a currency code of ISO 4217, such as USD',
      'rates.csv, line 10: rate is empty, expected a number greater than 0, such as 1.0832',
    ])
  })

  it('lists twenty faults and counts the others', () => {
    const faults = faultsOf(`date,from,to,rate\n${'2026-10-31,EUR,USD,none\n'.repeat(23)}`)
    expect(faults).toHaveLength(21)
    expect(faults.at(-1)).toBe('and 3 more')
  })

  it('needs its four columns, each once', () => {
    expect(faultsOf('')).toEqual(['rates.csv is empty: expected a header with date,from,to,rate'])
    expect(faultsOf('date,from,rate\n')).toEqual([
      'rates.csv, line 1: the column to is missing: expected date, from, to, rate; found date, from, rate',
    ])
    expect(faultsOf('date,from,to,rate,Rate\n')).toEqual([
      'rates.csv, line 1: expected the column rate once; found date, from, to, rate, Rate',
    ])
    expect(faultsOf('date,from,to,rate\n2026-10-31,"EUR,USD,1.1\n')).toEqual([
      'rates.csv: its quotes cannot be understood, expected lines like 2026-10-31,EUR,USD,1.0832',
    ])
  })

  it('is named where it is not there', () => {
    expect(() => readRates(join(folder, 'nothing.csv'))).toThrow(
      'nothing.csv: the exchange rates cannot be read; expected a CSV file, as `rates` says',
    )
  })
})
