/** The demo's ordinary refunds: made, recorded and reported, each side as it usually looks. */

import {
  billPaid,
  billpayRefund,
  bookCustomer,
  bookVendor,
  earlierSale,
  sale,
  stripeLine,
  stripeRefund,
} from './books.ts'
import type { Books } from './records.ts'

const CUSTOMER_REFUNDS = 136
const VENDOR_REFUNDS = 44

const wall = (day: number, hour: number, minute: number): string => {
  const [month, date] = day > 31 ? ['11', day - 31] : ['10', day]
  const two = (value: number): string => String(value).padStart(2, '0')
  return `2026-${month}-${two(date)} ${two(hour)}:${two(minute)}`
}

/** An amount that no other refund has: refunds told apart by nothing else must differ in it. */
const unusedAmount = (books: Books, used: Set<number>, low: number, high: number): number => {
  for (;;) {
    const amount = books.random.between(low, high)
    if (used.has(amount)) continue
    used.add(amount)
    return amount
  }
}

/** Fills October and the first days of November around what is there already. */
export const ordinaryMonth = (books: Books): void => {
  const used = new Set<number>()
  for (const line of books.stripe) used.add(Math.abs(line.gross))
  for (const line of books.billpay) used.add(Math.abs(line.amount))
  for (const refund of [...books.customer, ...books.vendor]) used.add(refund.refunded_amount)
  for (let n = 0; n < CUSTOMER_REFUNDS; n++) customerRefund(books, used, n, 1 + Math.floor((n * 33) / CUSTOMER_REFUNDS))
  for (let n = 0; n < VENDOR_REFUNDS; n++) vendorRefund(books, used, n, 1 + Math.floor((n * 33) / VENDOR_REFUNDS))
  for (let day = 1; day <= 34; day++) otherLines(books, day)
  cashRefunds(books)
}

/** Two of three give all of a sale back. Most come from the shop's own software with Stripe's id; some are typed in. */
const customerRefund = (books: Books, used: Set<number>, n: number, day: number): void => {
  const { random } = books
  const amount = unusedAmount(books, used, 450, 9800)
  const whole = n % 3 === 0 ? unusedAmount(books, used, amount + 100, amount + 4000) : amount
  const soldOn = day - random.between(0, 6)
  const paid = soldOn < 1 ? earlierSale(books, whole) : sale(books, wall(soldOn, random.between(6, 8), n % 60), whole)
  const made = wall(day, random.between(9, 17), random.between(0, 59))
  const id = stripeRefund(books, paid, made, amount)
  if (n % 11 === 5) bookCustomer(books, paid, made, amount, { external_id: null })
  else if (n % 27 === 9) bookCustomer(books, paid, wall(day + 1, 9, 15), amount, { external_id: null, target: null })
  else bookCustomer(books, paid, made, amount, { external_id: id })
}

/** Vendors pay back through BILLPAY; a quarter of it is recorded by the bill payment it belongs to. */
const vendorRefund = (books: Books, used: Set<number>, n: number, day: number): void => {
  const amount = unusedAmount(books, used, 2000, 60_000)
  const paid = billPaid(books, wall(Math.max(1, day - books.random.between(1, 9)), 8, n), amount * 3)
  const made = wall(day, books.random.between(10, 16), books.random.between(0, 59))
  const id = billpayRefund(books, paid, made, amount)
  bookVendor(books, paid, made, amount, { external_id: n % 4 === 1 ? null : id })
}

/** Sales that nobody wants back, bills that stay paid, and Stripe's weekly payout: lines that are no refunds. */
const otherLines = (books: Books, day: number): void => {
  for (let n = 0; n < 3; n++) sale(books, wall(day, 6 + n * 5, 7 * n + 3), books.random.between(450, 4800))
  if (day % 3 === 1) billPaid(books, wall(day, 8, 15), books.random.between(8000, 90_000))
  if (day % 7 !== 5) return
  const payout = `po_3Q${books.random.letters(16)}`
  stripeLine(books, wall(day, 20, 0), 'payout', payout, {
    amount: -412_500 - day * 1000,
    fee: 0,
    charge: '',
    intent: '',
    order: '',
  })
}

/** Given back over the counter: outside processors, no report will ever have them. */
const cashRefunds = (books: Books): void => {
  for (const [day, amount] of [
    [3, 450],
    [12, 875],
    [20, 1240],
    [27, 615],
  ] as const) {
    const paid = earlierSale(books, amount)
    bookCustomer(books, paid, wall(day, 12, 30), amount, {
      external_id: null,
      processor: null,
      method: 'CASH',
      target: null,
    })
  }
}
