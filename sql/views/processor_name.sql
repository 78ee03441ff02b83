-- How a processor writes its own name; any other is called what the configuration calls it.
-- Grain: one row per processor.
select processor, name
from (values
  ('ADYEN', 'Adyen'),
  ('AMAZON_PAY', 'Amazon Pay'),
  ('AMAZONPAY', 'Amazon Pay'),
  ('BRAINTREE', 'Braintree'),
  ('PAYPAL', 'PayPal'),
  ('SHOPIFY', 'Shopify'),
  ('SQUARE', 'Square'),
  ('STRIPE', 'Stripe'),
  ('UNASSIGNED', 'no processor')
) as known (processor, name)
