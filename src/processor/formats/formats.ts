/** All report formats known: `tieout formats` lists them, `format: auto` chooses among them by the file's header. */

import { adyenPaymentAccounting } from './adyen/payment-accounting.ts'
import { adyenSettlementDetails } from './adyen/settlement-details.ts'
import { affirmSettlement } from './affirm/settlement.ts'
import { afterpaySettlement } from './afterpay/settlement.ts'
import { amazonDateRange } from './amazon/date-range.ts'
import { amazonPaySettlement } from './amazon/pay-settlement.ts'
import { amazonSettlementV2 } from './amazon/settlement-v2.ts'
import { authorizeNetTransactions } from './authorize-net/transactions.ts'
import { braintreeTransactionFees } from './braintree/transaction-fees.ts'
import { braintreeTransactionSearch } from './braintree/transaction-search.ts'
import { checkoutFinancialActions } from './checkout/financial-actions.ts'
import { checkoutSettlementBreakdown } from './checkout/settlement-breakdown.ts'
import { dlocalSettlement } from './dlocal/settlement.ts'
import { ebayTransactions } from './ebay/transactions.ts'
import { etsyStatement } from './etsy/statement.ts'
import type { Format } from './format.ts'
import { klarnaSettlement } from './klarna/settlement.ts'
import { mollieSettlement } from './mollie/settlement.ts'
import { paypalActivity } from './paypal/activity.ts'
import { paypalStl } from './paypal/stl.ts'
import { paypalTrr } from './paypal/trr.ts'
import { shopifyPayments } from './shopify/payments.ts'
import { squareTransactions } from './square/transactions.ts'
import { stripeBalanceHistory } from './stripe/balance-history.ts'
import { stripeItemized } from './stripe/itemized.ts'
import { toastPaymentDetails } from './toast/payment-details.ts'
import { woopaymentsTransactions } from './woopayments/transactions.ts'

/** Each told by its own header; where two claim a file, the one of the configured processor, then the first stands. */
export const FORMATS: readonly Format[] = [
  stripeItemized,
  stripeBalanceHistory,
  mollieSettlement,
  shopifyPayments,
  klarnaSettlement,
  amazonPaySettlement,
  adyenSettlementDetails,
  adyenPaymentAccounting,
  checkoutFinancialActions,
  checkoutSettlementBreakdown,
  amazonSettlementV2,
  squareTransactions,
  braintreeTransactionSearch,
  paypalStl,
  paypalTrr,
  paypalActivity,
  woopaymentsTransactions,
  braintreeTransactionFees,
  affirmSettlement,
  authorizeNetTransactions,
  ebayTransactions,
  etsyStatement,
  afterpaySettlement,
  dlocalSettlement,
  amazonDateRange,
  toastPaymentDetails,
]
