/** PayPal's transaction detail report (TRR): every transaction, also those that never moved the balance. */

import { quoteWord } from '../../read/quote.ts'
import { text, unreadable } from '../../read/record-reader.ts'
import type { Format } from '../format.ts'
import { columnHeader, rowTypedReader } from './row-types.ts'
import { isRefund, PAYPAL_ID } from './transaction.ts'
import { SHARED_COLUMNS, SHARED_SIGNS, squeezed } from './transaction-line.ts'

const STATUS = 'Transactional Status'

export const paypalTrr: Format = {
  name: 'paypal-trr',
  processor: 'PAYPAL',
  title: 'PayPal transaction detail report (TRR)',
  verified: 'real file',
  getting: {
    where: 'by SFTP, once PayPal has switched the Secure FTP Server reports on: TRR-DATE.NN.008.CSV',
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
  columns: [
    ...SHARED_COLUMNS,
    { name: STATUS, required: true, meaning: 'S: success; D: denied, P: pending, V: void are other' },
  ],
  signs: `${SHARED_SIGNS}Only lines of status S count. The counts of SF, SC, RF, RC and FF are checked.`,
  example:
    'CH,Transaction ID,Invoice ID,PayPal Reference ID,PayPal Reference ID Type,Transaction Event Code,Transaction Initiation Date,Transaction Completion Date,Transaction Debit or Credit,Gross Transaction Amount,Gross Transaction Currency,Fee Debit or Credit,Fee Amount,Fee Currency,Transactional Status,Custom Field\n' +
    'SB,REFUND00000000001,order-1,PAYMENT0000000001,TXN,T1107,2026/10/31 09:00:00 -0700,2026/10/31 09:00:00 -0700,DR,2500,USD,CR,30,USD,S,',

  identify: (head) =>
    columnHeader(head)?.includes(squeezed(STATUS)) === true ? { header: 0, keepHeader: true } : null,

  open: (_header, _preamble, context, sink) =>
    rowTypedReader(context, sink, {
      format: 'paypal-trr',
      bindStatus: (columns) => {
        const column = columns.need(STATUS, 'TransactionalStatus')
        return (cells, code) => {
          const status = text(cells, column).toUpperCase()
          if (status === 'S') return { settled: true, note: '' }
          if (isRefund(code) && !['D', 'P', 'V'].includes(status)) {
            unreadable(
              `${column.name} is ${quoteWord(status)}, expected S (success), D (denied), P (pending) or V (void)`,
            )
          }
          return { settled: false, note: status === '' ? '' : ` (${status})` }
        }
      },
    }),
}
