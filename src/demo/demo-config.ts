/** The demo's tieout.yaml: what Harbor Coffee's would look like. */

/** Harbor Coffee's id in the sandbox. */
export const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

/** How the demo knows a tieout.yaml of its own, which it may replace. */
export const FIRST_LINE = '# Made by `tieout demo`, and made anew each time it runs.'

const SANDBOX_PORT = 4010
export const SANDBOX_TOKEN = 'sandbox'

export const DEMO_CONFIG = `${FIRST_LINE}
# Look around with the same commands as in real life, for instance:
#   npx tieout report --config tieout.yaml
#   npx tieout sandbox &   then   npx tieout nightly --config tieout.yaml --as-of 2026-11-04T11:00:00Z

data_dir: .tieout
layer:
  base_url: http://127.0.0.1:${SANDBOX_PORT}
  token: ${SANDBOX_TOKEN}          # of the sandbox; a real token comes from the environment: \${LAYER_TOKEN}
reports:
  dir: reports
  formats: [text, json, csv, xlsx, html]
businesses:
  - id: ${HARBOR}
    name: Harbor Coffee
    currency: USD
    time_zone: America/New_York
    four_eyes: true           # a month is closed by one person and reviewed by another
    processors:
      - name: STRIPE
        inbox: ["inbox/stripe/*.csv"]
        reference_columns: ["payment_metadata[order_id]"]
      - name: BILLPAY
        inbox: ["inbox/billpay/*.csv"]
        amount_tolerance: 2
        format:
          columns: {transaction_id: Id, type: Kind, refund_id: Refund, payment_id: Payment, references: [Bill], amount: Amount, fee: Fee, currency: Currency, occurred_at: Date}
          types: {Vendor credit: vendor_refund, Bill payment: payment}
          date_format: yyyy-MM-dd HH:mm:ss
          time_zone: America/New_York
          refund_id_pattern: "^VR[0-9]{6}$"
`
