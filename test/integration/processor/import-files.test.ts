import { execFileSync } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ImportDesk, openDesk, STRIPE, STRIPE_HEADER } from '../../support/import.ts'
import { storedTable } from '../../support/tables.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

const REFUND = 'txn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,'
const CHARGE = 'txn_2,2026-10-30 14:00:00,,usd,80.00,2.62,charge,ch_1,ch_1,'

describe('a file of new lines', () => {
  test('gives its rows, its dates and its categories', async () => {
    const outcome = await desk.take(
      desk.file('october.csv', [
        STRIPE_HEADER,
        CHARGE,
        REFUND,
        'txn_3,2026-10-31 15:00:00,,usd,-3.00,-0.10,refund,re_3,ch_1,',
        'txn_4,2026-11-01 15:00:00,,usd,-70.00,0.00,payout,po_1,,',
        'txn_5,2026-11-02 03:00:00,,usd,12;34.x,0.00,refund,re_5,ch_1,',
      ]),
    )
    expect(outcome).toMatchObject({ outcome: 'imported', records: 5n, accepted: 4n, known: 0n, unreadable: 1n })
    expect(outcome.says).toBe(
      'october.csv (stripe-itemized): 5 lines, 4 new, 1 quarantined (cannot be read); covers 2026-10-30 to 2026-11-01',
    )
    expect(await desk.rows()).toEqual([
      'txn_1 refund 2500 0/0 USD 2026-10-31 - - october.csv:3',
      'txn_2 payment 8000 262/0 USD 2026-10-30 - - october.csv:2',
      'txn_3 refund 300 0/10 USD 2026-10-31 - - october.csv:4',
      'txn_4 other -7000 0/0 USD 2026-11-01 - - october.csv:5',
    ])
    expect(await desk.aside()).toEqual([
      "october.csv:6 unreadable gross is '12;34.x', expected an amount in USD such as -12.34",
    ])
    const [file] = await desk.database.query(
      `select name, format, refund_id_pattern, coverage_source, totals_hold, categories, imported_at, bytes::int, length(sha256) as sha from processor_file`,
    )
    expect(file).toEqual({
      name: 'october.csv',
      format: 'stripe-itemized',
      refund_id_pattern: '^(re|pyr)_[A-Za-z0-9]+$',
      coverage_source: 'dates',
      totals_hold: true,
      categories: [
        { category: 'charge', type: 'payment', currency: 'USD', count: 1, amount: 8000 },
        { category: 'refund', type: 'refund', currency: 'USD', count: 2, amount: 2800 },
        { category: 'payout', type: 'other', currency: 'USD', count: 1, amount: -7000 },
      ],
      imported_at: '2026-11-02T06:00:00Z',
      bytes: 431,
      sha: 64,
    })
    expect(await desk.database.query('select item_id, dated_on, processor, account, raw from quarantine')).toEqual([
      {
        item_id: 'txn_5',
        dated_on: '2026-11-01',
        processor: 'STRIPE',
        account: '',
        raw: 'balance_transaction_id=txn_5,created_utc=2026-11-02 03:00:00,currency=usd,gross=12;34.x,fee=0.00,reporting_category=refund,source_id=re_5,charge_id=ch_1',
      },
    ])
  })

  test('is stored with the run that imported it, and its path below the folder of the configuration', async () => {
    const path = desk.file('october.csv', [STRIPE_HEADER, REFUND])
    await desk.take(path, { folder: dirname(desk.folder), as_of: '2026-11-01T06:00:00Z' })
    await desk.take(desk.file('november.csv', [STRIPE_HEADER, CHARGE]), { folder: join(desk.folder, 'elsewhere') })
    expect(await desk.database.query('select path, as_of, imported_at from processor_file order by file_id')).toEqual([
      {
        path: join(basename(desk.folder), 'october.csv'),
        as_of: '2026-11-01T06:00:00Z',
        imported_at: '2026-11-02T06:00:00Z',
      },
      {
        path: join(desk.folder, 'november.csv'),
        as_of: '2026-11-02T06:00:00Z',
        imported_at: '2026-11-02T06:00:00Z',
      },
    ])
  })

  test('covers the dates that were given instead, even where it has no line', async () => {
    const covers = { from: '2026-10-01', to: '2026-10-31' }
    await desk.take(desk.file('october.csv', [STRIPE_HEADER, REFUND]), { covers })
    await desk.take(desk.file('quiet.csv', [STRIPE_HEADER]), { covers: { from: '2026-11-01', to: '2026-11-02' } })
    expect(await desk.files()).toEqual([
      'october.csv 1 1 0 0 2026-10-01 2026-10-31',
      'quiet.csv 0 0 0 0 2026-11-01 2026-11-02',
    ])
  })
})

describe('a file that was imported before', () => {
  test('covers other dates once they are given with it, and nothing else is done', async () => {
    const path = desk.file('october.csv', [STRIPE_HEADER, REFUND])
    await desk.take(path)
    const again = await desk.take(path, { covers: { from: '2026-10-01', to: '2026-10-31' } })
    expect(again).toMatchObject({ outcome: 'already', covers_from: '2026-10-01', covers_to: '2026-10-31' })
    expect(again.says).toBe(
      'october.csv was imported before, at 2026-11-02T06:00:00Z: the same bytes, it now covers 2026-10-01 to 2026-10-31, as given',
    )
    expect(await desk.files()).toEqual(['october.csv 1 1 0 0 2026-10-01 2026-10-31'])
    expect(await desk.database.query('select coverage_source from processor_file')).toEqual([
      { coverage_source: 'given' },
    ])
  })

  test('is not imported again, under whatever name, but is for another account', async () => {
    const lines = [STRIPE_HEADER, REFUND]
    await desk.take(desk.file('october.csv', lines))
    const again = await desk.take(desk.file('october.csv', lines))
    expect(again).toMatchObject({ outcome: 'already', problem: null, accepted: 0n })
    expect(again.says).toBe(
      'october.csv was imported before, at 2026-11-02T06:00:00Z: the same bytes, nothing was done',
    )
    const renamed = await desk.take(desk.file('copy.csv', lines))
    expect(renamed.says).toBe(
      'copy.csv was imported before as october.csv, at 2026-11-02T06:00:00Z: the same bytes, nothing was done',
    )
    expect(await desk.state()).toBe('1 1 0')
    const elsewhere = await desk.take(desk.file('october.csv', lines), {}, { ...STRIPE, account: 'eu' })
    expect(elsewhere).toMatchObject({ outcome: 'imported', accepted: 1n })
    expect(await desk.state()).toBe('2 2 0')
  })

  test('gives only known lines once it is packed: other bytes, the same lines', async () => {
    const text = `${STRIPE_HEADER}\n${REFUND}\n${CHARGE}\n`
    await desk.take(desk.file('october.csv', text))
    const packed = await desk.take(desk.file('october.csv.gz', gzipSync(text)))
    expect(packed).toMatchObject({ outcome: 'imported', records: 2n, accepted: 0n, known: 2n })
  })
})

describe('a file that overlaps with another', () => {
  test('adds the lines not yet known; payout and availability are filled in and never taken away', async () => {
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND, CHARGE]))
    const second = await desk.take(
      desk.file('2.csv', [
        STRIPE_HEADER,
        'txn_1,2026-10-31 14:00:00,2026-11-02 14:00:00,usd,-25.00,0.00,refund,re_1,ch_1,po_9',
        'txn_6,2026-11-01 14:00:00,,usd,-1.00,0.00,refund,re_6,ch_1,',
      ]),
    )
    expect(second).toMatchObject({ accepted: 1n, known: 1n, updated: 1n, conflicts: 0n })
    expect(second.says).toBe(
      '2.csv (stripe-itemized): 2 lines, 1 new, 1 known (1 brought up to date); covers 2026-10-31 to 2026-11-01',
    )
    const third = await desk.take(desk.file('3.csv', [STRIPE_HEADER, REFUND, '']))
    expect(third).toMatchObject({ accepted: 0n, known: 1n, updated: 0n })
    expect(await desk.rows()).toEqual([
      'txn_1 refund 2500 0/0 USD 2026-10-31 2026-11-02 po_9 1.csv:2',
      'txn_2 payment 8000 262/0 USD 2026-10-30 - - 1.csv:3',
      'txn_6 refund 100 0/0 USD 2026-11-01 - - 2.csv:3',
    ])
  })

  test('sets a known line aside that says something else, with both values; the first one stands', async () => {
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND, CHARGE]))
    const second = await desk.take(
      desk.file('2.csv', [
        STRIPE_HEADER,
        'txn_1,2026-10-31 14:00:00,,usd,-35.00,0.00,refund,re_1,ch_1,',
        'txn_1,2026-10-31 14:00:00,,usd,-25.00,-0.10,refund,re_1,ch_1,',
        'txn_1,2026-10-31 14:00:00,,jpy,-25,0,refund,re_1,ch_1,',
        'txn_1,2026-10-31 14:00:01,,usd,-25.00,0.00,refund,re_2,ch_2,',
        'txn_2,2026-10-30 14:00:00,,usd,80.00,2.62,topup,ch_1,ch_1,',
        'txn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,po_1',
      ]),
    )
    expect(second).toMatchObject({ records: 6n, accepted: 0n, known: 1n, updated: 1n, conflicts: 5n })
    expect(await desk.aside()).toEqual([
      '2.csv:2 conflict txn_1 is known from 1.csv, line 2, with amount 25.00, here 35.00. The line that came first stands.',
      '2.csv:3 conflict txn_1 is known from 1.csv, line 2, with returned fee 0.00, here 0.10. The line that came first stands.',
      '2.csv:4 conflict txn_1 is known from 1.csv, line 2, with amount 25.00, here 25, currency USD, here JPY. The line that came first stands.',
      '2.csv:5 conflict txn_1 is known from 1.csv, line 2, with refund_id re_1, here re_2, date 2026-10-31 14:00:00+00, here 2026-10-31 14:00:01+00. The line that came first stands.',
      '2.csv:6 conflict txn_2 is known from 1.csv, line 3, with type payment, here other. The line that came first stands.',
    ])
    expect(await desk.rows()).toEqual([
      'txn_1 refund 2500 0/0 USD 2026-10-31 - po_1 1.csv:2',
      'txn_2 payment 8000 262/0 USD 2026-10-30 - - 1.csv:3',
    ])
    expect(await desk.files()).toEqual(['1.csv 2 2 0 0 2026-10-30 2026-10-31', '2.csv 6 0 1 5 2026-10-30 2026-10-31'])
  })

  test('adds a payment and an order that a known refund of 25.00 lacks, and has it looked at again', async () => {
    const header = `${STRIPE_HEADER},payment_metadata[order]`
    const processor = { ...STRIPE, reference_columns: ['payment_metadata[order]'] }
    const refund = (refundId: string, charge: string, order: string): string =>
      `txn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,refund,${refundId},${charge},,${order}`
    await desk.take(desk.file('1.csv', [header, refund('', '', '#1001')]), {}, processor)
    const keys = async (): Promise<unknown> =>
      await desk.database.query('select refund_id, payment_ids, reference_ids, keys_written from processor_row')
    expect(await keys()).toEqual([
      {
        refund_id: null,
        payment_ids: [],
        reference_ids: ['1001'],
        keys_written: { transaction_id: 'txn_1', refund_id: null, payment_ids: [], reference_ids: ['#1001'] },
      },
    ])
    const second = await desk.take(desk.file('2.csv', [header, refund('re_1', 'ch_1', '1002')]), {}, processor)
    expect(second).toMatchObject({ known: 1n, updated: 1n, conflicts: 0n })
    const third = await desk.take(desk.file('3.csv', [header, refund('', 'ch_1', '1001'), '']), {}, processor)
    expect(third).toMatchObject({ known: 1n, updated: 0n, conflicts: 0n })
    expect(await keys()).toEqual([
      {
        refund_id: 're_1',
        payment_ids: ['ch_1'],
        reference_ids: ['1001', '1002'],
        keys_written: {
          transaction_id: 'txn_1',
          refund_id: 're_1',
          payment_ids: ['ch_1'],
          reference_ids: ['#1001', '1002'],
        },
      },
    ])
    expect(
      await desk.database.query(`
        select touched.month_before, row.transaction_id
        from touched_item touched join processor_row row on row.row_no = touched.item_no`),
    ).toEqual([{ month_before: '2026-10-01', transaction_id: 'txn_1' }])
  })

  test('a payout that comes later changes no key: the refund need not be looked at again', async () => {
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND]))
    expect(await desk.take(desk.file('2.csv', [STRIPE_HEADER, `${REFUND}po_1`]))).toMatchObject({ updated: 1n })
    expect(await desk.database.query('select * from touched_item')).toEqual([])
  })

  test('of two refund ids that one file adds to a known line the first stands, the other is in conflict', async () => {
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND.replace('re_1', '')]))
    const second = await desk.take(
      desk.file('2.csv', [STRIPE_HEADER, REFUND.replace('re_1', 're_7'), REFUND.replace('re_1', 're_8')]),
    )
    expect(second).toMatchObject({ known: 1n, updated: 1n, conflicts: 1n })
    expect(await desk.aside()).toEqual([
      '2.csv:3 conflict txn_1 is known from 1.csv, line 2, with refund_id re_7, here re_8. The line that came first stands.',
    ])
  })

  test('a conflict of 25.00 and 35.00 is settled by a later file that has 25.00, not by an earlier or another line', async () => {
    const states = async (): Promise<unknown> =>
      await desk.database.query(`
        select q.line, q.state, f.name as settled_by from quarantine q
        left join processor_file f on f.business_id = q.business_id and f.file_id = q.settled_file_id
        order by q.quarantine_id`)
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND, CHARGE]))
    await desk.take(
      desk.file('2.csv', [STRIPE_HEADER, CHARGE.replace('80.00', '81.00'), REFUND.replace('25.00', '35.00'), REFUND]),
    )
    const open = { state: 'open', settled_by: null }
    expect(await states()).toEqual([
      { line: 2n, ...open },
      { line: 3n, ...open },
    ])
    await desk.take(desk.file('3.csv', [STRIPE_HEADER, REFUND.replace('25.00', '36.00')]))
    await desk.take(desk.file('4.csv', [STRIPE_HEADER, REFUND, `${REFUND.replace('txn_1', 'txn_9')}`]))
    expect(await states()).toEqual([
      { line: 2n, ...open },
      { line: 3n, state: 'settled', settled_by: '4.csv' },
      { line: 2n, state: 'settled', settled_by: '4.csv' },
    ])
  })

  test('so does a line of the same file: of one id the first line stands, the same again is known', async () => {
    const outcome = await desk.take(
      desk.file('1.csv', [
        STRIPE_HEADER,
        REFUND,
        REFUND,
        'txn_1,2026-10-31 14:00:00,,usd,-35.00,0.00,refund,re_1,ch_1,',
        'txn_1,2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,po_2',
      ]),
    )
    expect(outcome).toMatchObject({ records: 4n, accepted: 1n, known: 2n, updated: 1n, conflicts: 1n })
    expect(await desk.rows()).toEqual(['txn_1 refund 2500 0/0 USD 2026-10-31 - po_2 1.csv:2'])
  })
})

test('ids of 1,000 wide characters and an hour behind the last year are quarantined; the 5.00 beside them and later files are taken', async () => {
  const header = 'Transaction Date,Type,Order,Payout Status,Amount,Fee,Currency'
  const shopify = { ...STRIPE, name: 'SHOPIFY' }
  const lines = [
    '9999-12-31 23:59:59 -0800,refund,#1001,paid,-3.00,0.00,USD',
    `2026-10-30 10:00:00 -0700,refund,${'漢'.repeat(1000)},paid,-4.00,0.00,USD`,
    '2026-10-30 10:00:00 -0700,refund,#1002,paid,-5.00,0.00,USD',
  ]
  expect(await desk.take(desk.file('1.csv', [header, ...lines]), {}, shopify)).toMatchObject({
    ...{ accepted: 1n, unreadable: 2n, covers_from: '2026-10-30', covers_to: '2026-10-30' },
  })
  expect((await desk.aside()).map((said) => said.slice(0, 60))).toEqual([
    expect.stringMatching(/^1.csv:2 unreadable Transaction Date is '9999-12-31/),
    expect.stringMatching(/^1.csv:3 unreadable the payment id has 1000 characters/),
  ])
  const later = lines.map((line) => line.replace('-5.00', '-6.00'))
  expect(await desk.take(desk.file('2.csv', [header, ...later]), {}, shopify)).toMatchObject({ accepted: 1n })
})

test('a file whose period ends behind the last year is refused, and the next one is taken', async () => {
  const titled = (end: string): string[] => [
    '"Amazon Payments Advanced",',
    '"Settlement Report",',
    '"SettlementStartDate","2026-10-01T00:00:00 +0000"',
    `"SettlementEndDate","${end} +0000"`,
    '"TransactionPostedDate","SettlementId","AmazonTransactionId","SellerReferenceId","TransactionType","AmazonOrderReferenceId","SellerOrderId","StoreName","CurrencyCode","TransactionDescription","TransactionAmount","TransactionPercentageFee","TransactionFixedFee","TotalTransactionFee","NetTransactionAmount",',
    '"2026-10-05T10:00:00 +0000","1","P01-1","r","Refund","S01-1","o","s","USD","d","-5.00","0.00","0.00","0.00","-5.00",',
  ]
  const amazon = { ...STRIPE, name: 'AMAZON_PAY' }
  const odd = await desk.take(
    desk.file('1.csv', titled('3000-01-01T23:59:59')),
    { format: 'amazon-pay-settlement' },
    amazon,
  )
  expect(odd).toMatchObject({
    outcome: 'refused',
    problem: expect.stringContaining('states the period 2026-09-30 to 3000-01-01, expected dates from 1900 to 2999'),
  })
  const next = await desk.take(
    desk.file('2.csv', titled('2026-10-31T23:59:59')),
    { format: 'amazon-pay-settlement' },
    amazon,
  )
  expect(next).toMatchObject({ outcome: 'imported', accepted: 1n, covers_to: '2026-10-31' })
})

describe('a line that cannot be read', () => {
  const TOTAL = 'Total,,,usd,-25.00,0.00,,,,'
  const states = async (): Promise<string[]> =>
    (
      await desk.database.query<{ said: string }>(`
        select format('%s:%s %s %s', q.source, q.line, q.state, f.name) as said from quarantine q
        left join processor_file f on f.business_id = q.business_id and f.file_id = q.settled_file_id
        order by q.quarantine_id`)
    ).map(({ said }) => said.trim())

  test('that is the header again, as files put together have it, is no line; one with another name in it is quarantined', async () => {
    const october = [STRIPE_HEADER, REFUND, `\ufeff${STRIPE_HEADER}`, CHARGE, STRIPE_HEADER]
    expect(await desk.take(desk.file('october.csv', october))).toMatchObject({ records: 2n, unreadable: 0n })
    const other = STRIPE_HEADER.replace('charge_id', 'payment_id')
    expect(await desk.take(desk.file('other.csv', [STRIPE_HEADER, REFUND, other]))).toMatchObject({ unreadable: 1n })
  })

  test('is settled by a later file of the period that has the refund of 25.00 too, and nothing that cannot be read', async () => {
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND, CHARGE, TOTAL]))
    expect(await states()).toEqual(['1.csv:4 open'])
    const more = 'txn_9,2026-11-01 14:00:00,,usd,-1.00,0.00,refund,re_9,ch_1,'
    for (const [name, lines] of [
      ['without the refund.csv', [CHARGE, CHARGE.replace('txn_2', 'txn_7'), more]],
      ['shorter.csv', [REFUND, REFUND]],
      ['with a total.csv', [REFUND, CHARGE, more, TOTAL]],
    ] as const) {
      await desk.take(desk.file(name, [STRIPE_HEADER, ...lines]))
    }
    expect(await states()).toEqual(['1.csv:4 open', 'with a total.csv:5 open'])
    await desk.take(desk.file('2.csv', [STRIPE_HEADER, REFUND, CHARGE]))
    expect(await states()).toEqual(['1.csv:4 settled 2.csv', 'with a total.csv:5 open'])
    await desk.take(desk.file('3.csv', [STRIPE_HEADER, more, CHARGE, REFUND]))
    expect(await states()).toEqual(['1.csv:4 settled 2.csv', 'with a total.csv:5 settled 3.csv'])
  })

  test('is not settled where it has a date and an id of its own, until a row has that id', async () => {
    const broken = 'txn_8,2026-10-30 15:00:00,,usd,12;34.x,0.00,refund,re_8,ch_1,'
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND, CHARGE, broken]))
    await desk.take(desk.file('2.csv', [STRIPE_HEADER, CHARGE, REFUND]))
    expect(await states()).toEqual(['1.csv:4 open'])
    const counts = async (): Promise<unknown> => await desk.database.query('select kind from open_quarantine')
    expect(await counts()).toEqual([{ kind: 'unreadable' }])
    await desk.take(desk.file('3.csv', [STRIPE_HEADER, broken.replace('12;34.x', '-12.34')]))
    expect(await counts()).toEqual([])
  })
})

test('a fee of 0.20 that Checkout.com charges days after a refund of 25.00 is a row beside it, in whatever file it comes', async () => {
  const header = 'Action Type,Action ID,Payment ID,Processed On,Holding Currency,Breakdown Type,Holding Currency Amount'
  const processor = { ...STRIPE, name: 'CHECKOUT' }
  const refund = [
    'Refund,act_1,pay_1,2026-10-30 10:00:00,USD,Refund,-25',
    'Refund,act_1,pay_1,2026-10-30 10:00:00,USD,Gateway Fixed Fee,-0.15',
  ]
  const late = 'Refund,act_1,pay_1,2026-11-01 03:00:00,USD,Interchange Fixed Fee,-0.2'
  await desk.take(desk.file('1.csv', [header, ...refund]), {}, processor)
  const both = await desk.take(desk.file('2.csv', [header, ...refund, late]), {}, processor)
  expect(both).toMatchObject({ accepted: 1n, known: 1n, conflicts: 0n })
  const alone = await desk.take(desk.file('3.csv', [header, late]), {}, processor)
  expect(alone).toMatchObject({ accepted: 0n, known: 1n, conflicts: 0n })
  expect(await desk.rows()).toEqual([
    'act_1 refund 2500 15/0 USD 2026-10-30 - - 1.csv:2',
    'act_1:fees:2026-11-01T03:00:00Z refund 0 20/0 USD 2026-10-31 - - 2.csv:4',
  ])
})

test('a refund dated 2062 among those of October covers nothing and is named', async () => {
  const slip = 'txn_3,2062-10-31 14:00:00,,usd,-3.00,0.00,refund,re_3,ch_1,'
  const outcome = await desk.take(desk.file('october.csv', [STRIPE_HEADER, REFUND, slip, CHARGE]))
  expect(outcome.says).toBe(
    'october.csv (stripe-itemized): 3 lines, 3 new; covers 2026-10-30 to 2026-10-31; line 3 is dated 2062-10-31 and covers nothing',
  )
  expect(await desk.database.query('select covers_to, stray_lines from processor_file')).toEqual([
    { covers_to: '2026-10-31', stray_lines: [{ line: 3, dated_on: '2062-10-31' }] },
  ])
})

test('a refund of more than 10^15 cents, and one with an id of 3,000 characters, are quarantined; the rest goes on', async () => {
  const outcome = await desk.take(
    desk.file('1.csv', [
      STRIPE_HEADER,
      'txn_3,2026-10-31 14:00:00,,usd,-10000000000000.01,0.00,refund,re_3,ch_1,',
      `txn_4,2026-10-31 14:00:00,,usd,-1.00,0.00,refund,re_${'4'.repeat(3000)},ch_1,`,
      REFUND,
    ]),
  )
  expect(outcome).toMatchObject({ accepted: 1n, unreadable: 2n })
  expect(await desk.aside()).toEqual([
    '1.csv:2 unreadable the amount is 1000000000000001 minor units, expected at most 10^15: no account holds more',
    '1.csv:3 unreadable the refund id has 3003 characters, expected at most 1000 (2500 bytes)',
  ])
})

describe('a file that is refused', () => {
  const cases: [string, string, Buffer | string | string[], string][] = [
    [
      'is empty',
      'empty.csv',
      '',
      'empty.csv is empty (0 bytes), expected a report with a header line; is it still being written?',
    ],
    [
      'holds blank lines only',
      'blank.csv',
      '\n \n\n',
      'blank.csv: it has no record at all, expected a report with a header line',
    ],
    [
      'is binary',
      'binary.csv',
      Buffer.from('balance\u0000\u0001', 'latin1'),
      'binary.csv is not a text file: a zero byte at byte 7, line 1; expected a CSV report',
    ],
    [
      'is a workbook',
      'book.csv',
      Buffer.from('PK\u0003\u0004....'),
      'book.csv is not a text file but an Excel workbook or a zip archive, expected a CSV report: export it as CSV',
    ],
    [
      'is in Latin-1',
      'latin.csv',
      Buffer.from(`${STRIPE_HEADER}\nR\u00fcckgabe\n`, 'latin1'),
      'latin.csv is not UTF-8 text: byte 131 (0xfc), line 2, belongs to no character; it may be in Windows-1252, Latin-1 or another old encoding: save it as UTF-8',
    ],
    [
      'has another header',
      'other.csv',
      ['a,b,c', '1,2,3'],
      "other.csv: no report format known: line 1 is 'a', 'b', 'c', expected a header with column names; `tieout formats` lists what is known",
    ],
    [
      'lacks a column',
      'lacking.csv',
      ['balance_transaction_id,created_utc,currency,gross,reporting_category,source_id', ''],
      'nearest is stripe-itemized, missing: fee; `tieout formats stripe-itemized` shows its columns',
    ],
    [
      'has its amount twice',
      'doubled.csv',
      [`${STRIPE_HEADER},gross`, `${REFUND},1.00`],
      "doubled.csv, line 1: the header has the column 'gross' 2 times, and stripe-itemized reads it",
    ],
    [
      'breaks off in a line',
      'cut.csv',
      `${STRIPE_HEADER}\n${REFUND}\ntxn_2,2026-10-3`,
      'cut.csv is cut off: its last line, 3, has 2 of the 10 cells of a stripe-itemized line and no line end; get the file again',
    ],
    [
      'breaks off in quotes',
      'quote.csv',
      `${STRIPE_HEADER}\n${REFUND}\ntxn_2,"2026-10-3\n\n`,
      'quote.csv, line 3: a quote opens in this record and is never closed: the file is cut off there, or the quote is one too many; get the file again',
    ],
    [
      'breaks off while packed',
      'cut.csv.gz',
      gzipSync(`${STRIPE_HEADER}\n${REFUND}\n`).subarray(0, 90),
      'cut.csv.gz is a gzip file that cannot be unpacked to its end',
    ],
    [
      'has a line of 10 million characters',
      'long.csv',
      `${STRIPE_HEADER}\n${REFUND}\n${'x'.repeat(10_000_000)}`,
      'long.csv, line 3: a record of more than 1048576 characters, expected one report line',
    ],
    [
      'has a quote that swallows the rest',
      'swallow.csv',
      `${STRIPE_HEADER}\n"${`${REFUND}\n`.repeat(40_000)}`,
      'swallow.csv, line 2: a record of more than 1048576 characters',
    ],
  ]
  test.each(cases)('%s: %s', async (_what, name, content, message) => {
    await desk.take(desk.file('before.csv', [STRIPE_HEADER, CHARGE]))
    const outcome = await desk.take(desk.file(name, content))
    expect(outcome.outcome).toBe('refused')
    expect(outcome.problem).toContain(message)
    expect(outcome.says).toBe(outcome.problem)
    expect(await desk.state()).toBe('1 1 0')
  })

  test('is not there, or is a folder or a pipe', async () => {
    expect((await desk.take('/nowhere/x.csv')).problem).toContain('x.csv cannot be opened (/nowhere/x.csv)')
    expect((await desk.take(desk.folder)).problem).toContain('is a folder, expected a report file')
    const pipe = join(desk.folder, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    expect((await desk.take(pipe)).problem).toBe('pipe.csv is a pipe or a device, expected a report file')
  })

  test('has a line to quarantine while that was forbidden', async () => {
    const bad = 'txn_5,2026-11-02 03:00:00,,usd,12;34.x,0.00,refund,re_5,ch_1,'
    const strict = await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND, bad]), { strict: true })
    expect(strict.problem).toBe(
      "1.csv is refused whole, as asked for with --strict: 1 line would be quarantined\n  line 3: gross is '12;34.x', expected an amount in USD such as -12.34",
    )
    expect(await desk.state()).toBe('0 0 0')
    await desk.take(desk.file('2.csv', [STRIPE_HEADER, REFUND]), { strict: true })
    const conflict = await desk.take(desk.file('3.csv', [STRIPE_HEADER, REFUND.replace('25', '26')]), { strict: true })
    expect(conflict.problem).toContain('line 2: txn_1 is known from 2.csv, line 2, with amount 25.00, here 26.00')
    expect(await desk.state()).toBe('1 1 0')
  })

  test('does not keep its format from being told: another one is named where it is known', async () => {
    const outcome = await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND]), { format: 'stripe-balance-history' })
    expect(outcome.problem).toBe(
      '1.csv: not a stripe-balance-history report: its header is that of stripe-itemized (Stripe itemized reports (balance change from activity, payout reconciliation, ending balance reconciliation)); set the format accordingly',
    )
  })
})

describe('one source for an account', () => {
  const BALANCE_HEADER = 'id,Type,Source,Amount,Fee,Net,Currency,Created (UTC)'
  const SETTLED = [
    'Psp Reference,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number',
    'PAYMENT000000001,2026-10-30 09:00:00,UTC,Refunded,REFUND0000000001,EUR,25.00,,1,EUR,25.00,,,,,,12',
  ]
  const ACCOUNTING = [
    'Psp Reference,Booking Date,TimeZone,Record Type,Modification Psp Reference,Settlement Currency,Payable (SC),Commission (SC),Markup (SC),Scheme Fees (SC),Interchange (SC)',
    'PAYMENT000000001,2026-10-30 09:00:00,UTC,Refunded,REFUND0000000001,EUR,-25.00,,,,',
  ]
  const ADYEN = { ...STRIPE, name: 'ADYEN' }

  test('a Stripe file in the inbox of PayPal is refused, unless an alias or a format written by hand says so', async () => {
    const path = desk.file('1.csv', [STRIPE_HEADER, REFUND])
    const paypal = { ...STRIPE, name: 'PAYPAL' }
    const outcome = await desk.take(path, {}, paypal)
    expect(outcome.problem).toBe(
      '1.csv is a report of STRIPE (stripe-itemized), but is imported for PAYPAL: move it to the inbox of STRIPE; ' +
        'if PAYPAL is what the ledger calls STRIPE, say so under aliases in tieout.yaml, or say format: stripe-itemized',
    )
    expect(await desk.state()).toBe('0 0 0')
    const cards = { ...STRIPE, name: 'CARDS', aliases: ['STRIPE'] }
    expect(await desk.take(path, {}, cards)).toMatchObject({ outcome: 'imported' })
    expect(await desk.take(path, {}, { ...paypal, format: 'stripe-itemized' })).toMatchObject({ outcome: 'imported' })
    expect(await desk.take(path, { format: 'stripe-itemized' }, { ...paypal, account: 'eu' })).toMatchObject({
      outcome: 'imported',
    })
  })

  test('a second report that gives the refund of 25.00 another id is refused; with an account of its own it is not', async () => {
    expect(await desk.take(desk.file('1.csv', SETTLED), {}, ADYEN)).toMatchObject({ accepted: 1n })
    const second = desk.file('2.csv', ACCOUNTING)
    const outcome = await desk.take(second, {}, ADYEN)
    expect(outcome.problem).toBe(
      '2.csv is a report of the format adyen-payment-accounting, but this account has rows of adyen-settlement-details, ' +
        'which gives the same refund another id: both would count it; import one of the two, or ' +
        'adyen-payment-accounting under an account of its own',
    )
    expect(await desk.state()).toBe('1 1 0')
    expect(await desk.take(second, {}, { ...ADYEN, account: 'pos' })).toMatchObject({ accepted: 1n })
  })

  test('two reports of Stripe give a line the same id: both are taken', async () => {
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND]))
    const balance = desk.file('2.csv', [BALANCE_HEADER, 'txn_1,refund,re_1,-25.00,0.00,-25.00,usd,2026-10-31 14:00'])
    expect(await desk.take(balance)).toMatchObject({ outcome: 'imported', known: 1n, conflicts: 0n })
  })
})

describe('a file without a line', () => {
  test('is not kept, since nobody knows which dates it is about', async () => {
    const outcome = await desk.take(desk.file('quiet.csv', [STRIPE_HEADER]))
    expect(outcome).toMatchObject({ outcome: 'empty', problem: null, records: 0n })
    expect(outcome.says).toContain('quiet.csv has a header and no line')
    expect(await desk.state()).toBe('0 0 0')
  })

  test('stands for every period it is given, each once: the same bytes say of two months that they had no line', async () => {
    const path = desk.file('quiet.csv', [STRIPE_HEADER])
    const covering = (from: string, to: string) => desk.take(path, { covers: { from, to }, named: true })
    expect(await covering('2026-09-01', '2026-09-30')).toMatchObject({ outcome: 'imported', records: 0n })
    expect(await covering('2026-10-01', '2026-10-31')).toMatchObject({ outcome: 'imported', records: 0n })
    expect(await covering('2026-10-01', '2026-10-31')).toMatchObject({ outcome: 'already' })
    expect(await desk.take(path)).toMatchObject({ outcome: 'already' })
    expect(
      await desk.database.query(
        'select covers_from::text as a, covers_to::text as b from processor_file order by file_id',
      ),
    ).toEqual([
      { a: '2026-09-01', b: '2026-09-30' },
      { a: '2026-10-01', b: '2026-10-31' },
    ])
  })
})

test('a line that a later file gives readable is then there, and stays named where it was quarantined', async () => {
  await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND.replace('-25.00', 'x')]))
  const later = await desk.take(desk.file('2.csv', [STRIPE_HEADER, REFUND]))
  expect(later).toMatchObject({ accepted: 1n, unreadable: 0n })
  expect(await desk.rows()).toEqual(['txn_1 refund 2500 0/0 USD 2026-10-31 - - 2.csv:2'])
  expect(await desk.database.query('select item_id, kind from quarantine')).toEqual([
    { item_id: 'txn_1', kind: 'unreadable' },
  ])
})

test('a line quarantined is known by its id as rows hold it, without #', async () => {
  await desk.take(desk.file('1.csv', [STRIPE_HEADER, REFUND.replace('txn_1', '#txn_1').replace('-25.00', 'x')]))
  expect(await desk.database.query('select item_id from quarantine')).toEqual([{ item_id: 'txn_1' }])
})

describe('a file of many lines', () => {
  test('repeated lines are compared with the first of them, unreadable ones are quarantined', async () => {
    const lines = Array.from(
      { length: 20 },
      (_, n) =>
        `txn_${n % 7},2026-10-31 14:00:00,,usd,-${n < 14 ? 25 : 26}.00,0.00,refund,re_1,ch_1,${n > 3 && n < 14 ? 'po_1' : ''}`,
    )
    const path = desk.file('1.csv', [STRIPE_HEADER, ...lines.slice(0, 10), 'txn_x,,,,,,,,,', ...lines.slice(10)])
    const outcome = await desk.take(path)
    expect(outcome).toMatchObject({ records: 21n, accepted: 7n, known: 7n, conflicts: 6n, unreadable: 1n })
    expect(await desk.rows()).toContain('txn_0 refund 2500 0/0 USD 2026-10-31 - po_1 1.csv:2')
    expect(await desk.aside()).toContain(
      '1.csv:17 conflict txn_0 is known from 1.csv, line 2, with amount 25.00, here 26.00. The line that came first stands.',
    )
  })

  test('is told from what is known by its ids, in whatever order they stand', async () => {
    const line = (number: number, cents = 100): string =>
      `txn_${String((number * 7919) % 30_000).padStart(5, '0')},2026-10-31 14:00:00,,usd,-${cents / 100}.00,0.00,refund,re_${number},ch_1,`
    const first = Array.from({ length: 15_000 }, (_, number) => line(number))
    expect(await desk.take(desk.file('first.csv', [STRIPE_HEADER, ...first]))).toMatchObject({ accepted: 15_000n })
    const again = [...first.slice(10), line(15_000), line(15_001), line(7, 200)]
    const outcome = await desk.take(desk.file('again.csv', [STRIPE_HEADER, ...again]))
    expect(outcome).toMatchObject({ problem: null, records: 14_993n, accepted: 2n, known: 14_990n, conflicts: 1n })
  })

  test('sets 12,000 unreadable lines aside between 8,000 good ones, and one that repeats the first of them', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => {
      const gross = n % 5 < 2 ? '-25.00' : 'x'
      return `txn_${n === 19_996 ? 0 : n},2026-10-31 14:00:00,,usd,${gross},0.00,refund,re_${n},ch_1,`
    })
    const path = desk.file('1.csv', [STRIPE_HEADER, ...lines])
    const refused = await desk.take(path, { strict: true })
    expect(refused.problem).toContain('12001 lines would be quarantined\n  line 4: gross is ')
    expect(await desk.state()).toBe('0 0 0')
    const outcome = await desk.take(path)
    expect(outcome).toMatchObject({ records: 20_000n, accepted: 7_999n, known: 0n, conflicts: 1n, unreadable: 12_000n })
    expect(await desk.state()).toBe('7999 1 12001')
    expect(await desk.database.query('select line from quarantine group by line having count(*) > 1')).toEqual([])
  })

  test('a file of a later month beside 10,000 known lines: 50,000 new, one known, one of its own again', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, n) => `txn_${n},2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_${n},ch_1,`,
    )
    await desk.take(desk.file('1.csv', [STRIPE_HEADER, ...lines.slice(0, 10_000)]))
    const path = desk.file('2.csv', [STRIPE_HEADER, ...lines.slice(10_000), ...lines.slice(9_999, 10_001)])
    expect(await desk.take(path)).toMatchObject({ records: 50_002n, accepted: 50_000n, known: 2n, conflicts: 0n })
    expect(await desk.state()).toBe('60000 2 0')
  })

  test('a fault of the database while it is read ends it, and nothing is kept', async () => {
    await desk.database.transaction(async (db) => {
      const stored = await storedTable(db, 'processor_row')
      // on Citus it is a trigger of this shard; plain Postgres knows no such setting, and minds none
      await db.query('set local citus.enable_ddl_propagation = off')
      await db.query(`create function fail() returns trigger language plpgsql as $$ begin raise 'out of order'; end $$;
        create trigger fail before insert on ${stored} for each row when (new.transaction_id = 'txn_900') execute function fail()`)
    })
    const lines = Array.from(
      { length: 2000 },
      (_, n) => `txn_${n},2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,`,
    )
    await expect(desk.take(desk.file('1.csv', [STRIPE_HEADER, ...lines]))).rejects.toThrow('out of order')
    expect(await desk.state()).toBe('0 0 0')
    const [open] = await desk.database.query(
      `select count(*) from pg_stat_activity where state like '%transaction%' and datname = current_database()`,
    )
    expect(open).toEqual({ count: 0n })
  })

  test('a line that breaks off after others were staged takes them all back', async () => {
    const lines = Array.from(
      { length: 2000 },
      (_, n) => `txn_${n},2026-10-31 14:00:00,,usd,-25.00,0.00,refund,re_1,ch_1,`,
    )
    const path = desk.file('1.csv', `${STRIPE_HEADER}\n${lines.join('\n')}\ntxn_2000,2026`)
    const outcome = await desk.take(path)
    expect(outcome.problem).toContain('is cut off: its last line, 2002, has 2 of the 10 cells')
    expect(await desk.state()).toBe('0 0 0')
    expect(await desk.take(desk.file('2.csv', [STRIPE_HEADER, REFUND]))).toMatchObject({ accepted: 1n })
  })
})

test('a file without a header is refused, and no customer of its first line is named', async () => {
  const outcome = await desk.take(desk.file('1.csv', ['txn_1234,Ann,ann@example.com,-25.00']))
  expect(outcome.problem).toBe(
    '1.csv: no report format known: line 1 is 4 cells with values in them, expected a header with column names; `tieout formats` lists what is known',
  )
})
