/** PayPal's settlement report (STL): what moved the balance, with sums that are checked. */

import type { Format } from '../format.ts'
import { columnHeader, rowTypedReader } from './row-types.ts'
import { PAYPAL_ID } from './transaction.ts'
import { SHARED_COLUMNS, SHARED_SIGNS, squeezed } from './transaction-line.ts'

export const paypalStl: Format = {
  name: 'paypal-stl',
  processor: 'PAYPAL',
  title: 'PayPal settlement report (STL)',
  verified: 'real file',
  getting: {
    where: 'by SFTP, once PayPal has switched the Secure FTP Server reports on: STL-DATE.NN.009.CSV',
    columns: 'no choice',
    often: 'daily: a file holds one day',
  },
  fees: 'has the fee of a refund, charged or given back; fees given back later are lines of their own (T1109)',
  refundIdPattern: PAYPAL_ID,
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'paypal',
  delimiters: [',', '\t'],
  columns: SHARED_COLUMNS,
  signs: `${SHARED_SIGNS}The sums of SF and RF and the counts of SC, RC and FF are checked.`,
  example:
    'SH,2026/10/31 00:00:00 -0700,2026/10/31 23:59:59 -0700,ACCOUNT000001\n' +
    'CH,Transaction ID,Invoice ID,PayPal Reference ID,PayPal Reference ID Type,Transaction Event Code,Transaction Initiation Date,Transaction Completion Date,Transaction Debit or Credit,Gross Transaction Amount,Gross Transaction Currency,Fee Debit or Credit,Fee Amount,Fee Currency,Custom Field\n' +
    'SB,REFUND00000000001,order-1,PAYMENT0000000001,TXN,T1107,2026/10/31 09:00:00 -0700,2026/10/31 09:00:00 -0700,DR,2500,USD,CR,30,USD,\n' +
    'SF,USD,0,2500,30,0\n' +
    'SC,1',

  identify: (head) => {
    const header = columnHeader(head)
    return header === null || header.includes(squeezed('Transactional Status')) ? null : { header: 0, keepHeader: true }
  },

  open: (_header, _preamble, context, sink) =>
    rowTypedReader(context, sink, {
      format: 'paypal-stl',
      bindStatus: () => () => ({ settled: true, note: '' }),
    }),
}
