/** The names of all report formats: what a configuration may say, without loading how each of them is read. */

/** In the order of FORMATS in formats.ts. */
export const FORMAT_NAMES: readonly string[] = [
  'stripe-itemized',
  'stripe-balance-history',
  'mollie-settlement',
  'shopify-payments',
  'klarna-settlement',
  'amazon-pay-settlement',
  'adyen-settlement-details',
  'adyen-payment-accounting',
  'checkout-financial-actions',
  'checkout-settlement-breakdown',
  'amazon-settlement-v2',
  'square-transactions',
  'braintree-transaction-search',
  'paypal-stl',
  'paypal-trr',
  'paypal-activity',
  'woopayments-transactions',
  'braintree-transaction-fees',
  'affirm-settlement',
  'authorize-net-transactions',
  'ebay-transactions',
  'etsy-statement',
  'afterpay-settlement',
]
