-- How a processor writes its own name; any other is called what the configuration calls it.
-- Grain: one row per processor.
select processor, name
from (values
  ('ADYEN', 'Adyen'),
  ('AFFIRM', 'Affirm'),
  ('AFTERPAY', 'Afterpay'),
  ('AMAZON', 'Amazon'),
  ('AMAZON_PAY', 'Amazon Pay'),
  ('AMAZONPAY', 'Amazon Pay'),
  ('AUTHORIZE_NET', 'Authorize.Net'),
  ('BRAINTREE', 'Braintree'),
  ('CHECKOUT', 'Checkout.com'),
  ('DLOCAL', 'dLocal'),
  ('EBAY', 'eBay'),
  ('ETSY', 'Etsy'),
  ('KLARNA', 'Klarna'),
  ('MOLLIE', 'Mollie'),
  ('PAYPAL', 'PayPal'),
  ('SHOPIFY', 'Shopify'),
  ('SQUARE', 'Square'),
  ('STRIPE', 'Stripe'),
  ('TOAST', 'Toast'),
  ('WOOPAYMENTS', 'WooPayments'),
  ('UNASSIGNED', 'unnamed processor')
) as known (processor, name)
