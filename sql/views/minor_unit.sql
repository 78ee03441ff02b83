-- How many decimal digits a currency's minor unit has (ISO 4217), where not 2, and the pattern by which to_char writes its amounts:
-- some statements say amounts in words. The list of src/core/money.ts; a test holds the two equal.
-- Grain: one row per currency.
select currency, digits, 'FM999,999,999,999,999,990' || case when digits > 0 then rpad('.', digits + 1, '0') else '' end as pattern
from (values
  ('BIF', 0), ('CLP', 0), ('DJF', 0), ('GNF', 0), ('ISK', 0), ('JPY', 0), ('KMF', 0), ('KRW', 0), ('PYG', 0), ('RWF', 0),
  ('UGX', 0), ('UYI', 0), ('VND', 0), ('VUV', 0), ('XAF', 0), ('XOF', 0), ('XPF', 0),
  ('BHD', 3), ('IQD', 3), ('JOD', 3), ('KWD', 3), ('LYD', 3), ('OMR', 3), ('TND', 3),
  ('CLF', 4), ('UYW', 4)
) as known (currency, digits)
