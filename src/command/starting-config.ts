/** The commented tieout.yaml that `tieout init` writes. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageFault } from '../errors.ts'
import type { Result } from '../job.ts'

const TEXT = `# Tieout's configuration. Paths are relative to this file; \${NAME} is taken from the environment.
# \`tieout doctor\` says whether it is right.

database:
  # A Postgres of version 14 to 18, such as postgres://tieout@db.example/tieout.
  # Left out or empty: a Postgres of Tieout's own, in data_dir.
  url: \${DATABASE_URL}
data_dir: .tieout

layer:
  base_url: https://sandbox.layerfi.com   # https://api.layerfi.com for your real books
  token: \${LAYER_TOKEN}                    # or client_id: \${LAYER_CLIENT_ID} and client_secret: \${LAYER_CLIENT_SECRET}

reports:
  dir: reports
  formats: [text, json, csv, xlsx, html]   # html to read, xlsx to work with, json and csv for programs

# Whom to tell of a night: on change, while there is an error, or always.
# notify:
#   email: {when: change, smtp: "\${SMTP_URL}", from: tieout@example.com, to: [books@example.com]}
#   webhook: {when: error, url: "\${SLACK_WEBHOOK}"}     # Slack and what understands its {"text": ...}
#   command: {when: always, run: [./tell.sh]}            # gets the summary as JSON on its standard input
#   ping: "\${PING_URL}"                                 # asked for after each night that went through

# To be told of a night: by mail, to a webhook, to a program; on change, on error, or always.
# notify:
#   email: {when: change, smtp: "\${SMTP_URL}", from: tieout@example.com, to: [books@example.com]}
#   webhook: {when: error, url: "\${SLACK_WEBHOOK}"}
#   ping: "\${PING_URL}"

businesses:
  - id: 00000000-0000-0000-0000-000000000000   # the business's id in Layer
    name: My business
    currency: USD                              # what its books are kept in
    time_zone: America/New_York                # in which its days and months end
    ledger_lag_days: 2                         # how long the books may take to record a refund
    processors:
      - name: STRIPE                           # what the processor of a payment is called in Layer
        # account: main                        # where there are several accounts: one entry each
        # aliases: [STRIPE_CONNECT]            # other names for it in Layer
        inbox: ["inbox/stripe/*.csv"]          # where you put its reports; .csv.gz is fine too
        # format: auto                         # told by the header; \`tieout formats\` lists the names
        # settlement_lag_days: 5               # how long the processor may take to report a refund
        # coverage_hole_days: 3                # days without a line that are no gap
        # date_window_days: 3                  # how far apart the two sides may date a refund without any id
        # amount_tolerance: 0                  # in cents
        # fee_tolerance: 0
        # reference_columns: ["payment_metadata[order_id]"]   # columns that hold your own order numbers

      # Any other CSV: say which column is what.
      # - name: BILLPAY
      #   inbox: ["inbox/billpay/*.csv"]
      #   format:
      #     columns: {transaction_id: Id, type: Kind, refund_id: Refund, payment_id: Payment, references: [Order], amount: Amount, fee: Fee, currency: Currency, occurred_at: Date}
      #     types: {Refund: refund, Refund failed: refund_reversal, Vendor credit: vendor_refund, Payment: payment}
      #     refund_sign: negative              # the sign that a refund's amount bears in the file
      #     date_format: yyyy-MM-dd HH:mm:ss
      #     time_zone: UTC
`

/**
 * Writes the starting configuration.
 * @throws UsageFault where there is a file already
 */
export const writeStartingConfig = (path: string): Result => {
  const absolute = resolve(path)
  if (existsSync(absolute))
    throw new UsageFault(`${path} is there already and was left as it is; name another with --config`)
  mkdirSync(dirname(absolute), { recursive: true })
  writeFileSync(absolute, TEXT, { flag: 'wx' })
  const steps = 'Put your business into it, set LAYER_TOKEN, then: tieout doctor, tieout nightly.'
  return { text: `Wrote ${absolute}\n${steps}`, document: { written: absolute } }
}
