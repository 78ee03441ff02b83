/** What went wrong at Harbor Coffee in October 2026: one small story for each kind of discrepancy. */

import { billPaid, billpayRefund, bookCustomer, bookVendor, earlierSale, sale, stripeRefund } from './books.ts'
import type { Books, LayerRefund, Paid } from './records.ts'

/**
 * Tells all stories; gives the refund that somebody deletes from the ledger between the first night and the second, and what
 * nobody recorded until October was closed.
 */
export const troubles = (books: Books): { deleted: LayerRefund; forgotten: { paid: Paid; refund: string } } => {
  const forgotten = missing(books)
  differing(books)
  misdirected(books)
  monthEnd(books)
  unbalanced(books)
  twice(books)
  return { deleted: deletedRefund(books), forgotten }
}

/** A refund of Stripe's that the ledger got after the close, as of the day on which it was made. */
export const recordLate = (books: Books, { paid, refund }: { paid: Paid; refund: string }): LayerRefund =>
  bookCustomer(books, paid, '2026-10-14 15:20', 8640, { external_id: refund })

/** Refunds that only one side has. */
const missing = (books: Books): { paid: Paid; refund: string } => {
  // Made by a barista in Stripe's dashboard, and not recorded.
  const paid = sale(books, '2026-10-13 08:10', 8640)
  const refund = stripeRefund(books, paid, '2026-10-14 15:20', 8640)
  stripeRefund(books, earlierSale(books, 2375), '2026-10-22 11:05', 2375)
  // A vendor's credit that nobody booked.
  billpayRefund(books, billPaid(books, '2026-10-08 09:00', 54_000), '2026-10-19 14:00', 18_225)
  // Of the last day: the ledger may still get it.
  stripeRefund(books, sale(books, '2026-11-02 08:30', 1995), '2026-11-03 16:45', 1995)
  // Recorded, but Stripe never made it: the request was refused and nobody looked.
  bookCustomer(books, sale(books, '2026-10-10 12:00', 6415), '2026-10-12 10:00', 6415, {
    external_id: `re_3Q${books.random.letters(22)}`,
  })
  // Recorded two days ago; Stripe's reports of the next days are still to come.
  bookCustomer(books, sale(books, '2026-11-01 12:00', 2760), '2026-11-02 10:30', 2760, { external_id: null })
  // Made and taken back within the hour, and rightly never recorded: nothing to say about it.
  const regretted = sale(books, '2026-10-15 09:40', 3310)
  const failed = stripeRefund(books, regretted, '2026-10-15 10:00', 3310)
  stripeRefund(books, regretted, '2026-10-15 10:40', 3310, { failed })
  return { paid, refund }
}

/** Refunds on both sides that do not say the same. */
const differing = (books: Books): void => {
  const typed = sale(books, '2026-10-05 09:05', 5460)
  bookCustomer(books, typed, '2026-10-06 09:30', 4560, {
    external_id: stripeRefund(books, typed, '2026-10-06 09:30', 5460),
  })

  // No refund id, but the only refund of its charge: the tip was left out.
  const tip = sale(books, '2026-10-16 18:20', 2780)
  stripeRefund(books, tip, '2026-10-17 10:10', 2780)
  bookCustomer(books, tip, '2026-10-17 10:30', 2390, { external_id: null })

  const fee = billPaid(books, '2026-10-06 09:00', 91_000)
  bookVendor(books, fee, '2026-10-20 13:00', 30_350, {
    external_id: billpayRefund(books, fee, '2026-10-20 13:00', 30_350, 150),
  })

  const returned = sale(books, '2026-10-20 10:15', 7150)
  const gaveBack = stripeRefund(books, returned, '2026-10-21 12:00', 7150, { fee: -59 })
  bookCustomer(books, returned, '2026-10-21 12:00', 7150, { external_id: gaveBack })

  const cent = billPaid(books, '2026-10-02 09:00', 37_000)
  bookVendor(books, cent, '2026-10-13 13:30', 12_334, {
    external_id: billpayRefund(books, cent, '2026-10-13 13:30', 12_333),
  })

  const canadian = earlierSale(books, 1335)
  const inDollars = stripeRefund(books, canadian, '2026-10-23 14:30', 1820, { currency: 'cad' })
  bookCustomer(books, canadian, '2026-10-23 14:30', 1335, { external_id: inDollars })

  const bounced = sale(books, '2026-10-24 13:00', 4985)
  const id = stripeRefund(books, bounced, '2026-10-25 09:50', 4985)
  bookCustomer(books, bounced, '2026-10-25 09:50', 4985, { external_id: id })
  stripeRefund(books, bounced, '2026-10-29 03:15', 4985, { failed: id })
}

/** Refunds booked in the wrong place. */
const misdirected = (books: Books): void => {
  const elsewhere = sale(books, '2026-10-07 11:45', 3845)
  const id = stripeRefund(books, elsewhere, '2026-10-08 16:00', 3845)
  bookCustomer(books, elsewhere, '2026-10-08 16:00', 3845, { external_id: id, processor: 'BILLPAY' })

  // Refunded was the second of two orders of a customer, recorded against the first.
  const first = sale(books, '2026-10-26 08:20', 2215)
  const second = sale(books, '2026-10-26 12:40', 2290)
  const refund = stripeRefund(books, second, '2026-10-27 10:20', 2290)
  bookCustomer(books, second, '2026-10-27 10:20', 2290, { external_id: refund, target: first })

  // A refund made at once for two bookings of the same sale: these do belong together.
  const shared = sale(books, '2026-10-18 14:00', 6040)
  stripeRefund(books, shared, '2026-10-19 09:00', 6040)
  bookCustomer(books, shared, '2026-10-19 09:20', 2520, { external_id: null })
  bookCustomer(books, shared, '2026-10-19 09:25', 3520, { external_id: null })
}

/** Late on the last of October here, in November there. */
const monthEnd = (books: Books): void => {
  for (const [amount, minute] of [
    [9175, '40'],
    [1265, '52'],
  ] as const) {
    const paid = sale(books, `2026-10-31 17:${minute}`, amount)
    const id = stripeRefund(books, paid, `2026-11-01 00:${minute}`, amount)
    bookCustomer(books, paid, `2026-10-31 23:${minute}`, amount, { external_id: id })
  }
  const paid = billPaid(books, '2026-10-21 09:00', 66_600)
  const id = billpayRefund(books, paid, '2026-11-02 10:00', 22_190)
  bookVendor(books, paid, '2026-10-30 17:00', 22_190, { external_id: id })
}

/** Refunds that are wrong in themselves. */
const unbalanced = (books: Books): void => {
  const story = (
    wall: string,
    amount: number,
    wrong: { allocated?: number; paid?: number; line_items?: number[] },
  ): void => {
    const paid = sale(books, wall.replace(/ .*/, ' 07:45'), amount)
    bookCustomer(books, paid, wall, amount, {
      external_id: stripeRefund(books, paid, wall, wrong.paid ?? amount),
      ...wrong,
    })
  }
  story('2026-10-09 13:10', 5125, { allocated: 5025 })
  story('2026-10-11 15:35', 4405, { paid: 4005 })
  story('2026-10-28 11:55', 3690, { line_items: [1500, 2100] })
}

/** Recorded twice, refunded twice, or refunded once and recorded the next day in two ways that nobody can tell apart. */
const twice = (books: Books): void => {
  const paid = sale(books, '2026-10-14 17:30', 4120)
  const id = stripeRefund(books, paid, '2026-10-15 12:15', 4120)
  bookCustomer(books, paid, '2026-10-15 12:15', 4120, { external_id: id })
  bookCustomer(books, paid, '2026-10-16 09:00', 4120, { external_id: id })

  const tooMuch = sale(books, '2026-10-27 09:10', 3000)
  for (const [wall, amount] of [
    ['2026-10-28 10:00', 2000],
    ['2026-10-30 10:00', 1650],
  ] as const) {
    bookCustomer(books, tooMuch, wall, amount, { external_id: stripeRefund(books, tooMuch, wall, amount) })
  }

  stripeRefund(books, earlierSale(books, 1250), '2026-10-24 16:10', 1250)
  for (const wall of ['2026-10-25 08:30', '2026-10-25 08:45']) {
    bookCustomer(books, earlierSale(books, 1250), wall, 1250, { external_id: null, target: null })
  }
}

const deletedRefund = (books: Books): LayerRefund => {
  const paid = sale(books, '2026-10-08 10:25', 5575)
  const id = stripeRefund(books, paid, '2026-10-09 17:40', 5575)
  return bookCustomer(books, paid, '2026-10-09 17:40', 5575, { external_id: id })
}
