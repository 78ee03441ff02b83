/** The commented tieout.yaml that `tieout init` writes. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageFault } from '../core/errors.ts'
import { PLACEHOLDER_ID } from '../core/product.ts'
import type { Result } from '../job.ts'
import { configSchema } from './json-schemas.ts'

const TEXT = `# yaml-language-server: $schema=./tieout.schema.json
# Tieout's configuration. Paths are relative to this file; \${NAME} is taken from the environment.
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
  # url: https://tieout.example.com/reports   # where you serve that folder: messages link to it

# Whom to tell of a night: on change, on error, or always.
# notify:
#   email: {when: change, smtp: "\${SMTP_URL}", from: tieout@example.com, to: [books@example.com], attach: xlsx}
#   webhook: {when: error, url: "\${SLACK_WEBHOOK}"}     # Slack and what understands its {"text": ...}
#   command: {when: always, run: [./tell.sh]}            # gets the summary as JSON on its standard input
#   ping: "\${PING_URL}"                                 # asked for after each night that went through

# Who works in the desk: a reader looks, a preparer decides and prepares a close, a reviewer signs it.
# people: [{name: Ada, role: preparer}, {name: Bob, role: reviewer}]
# desk:
#   port: 4020
#   listen: 127.0.0.1                        # or a Unix socket, such as /run/tieout/desk.sock
#   trusted_user_header: X-Forwarded-User    # behind a proxy that signs people in, and sends the secret along
#   proxy_secret: "\${PROXY_SECRET}"

# Many businesses: one file *.yaml each in this folder, which holds what stands under a dash below.
# businesses_dir: businesses

businesses:
  - id: ${PLACEHOLDER_ID}   # a placeholder: put the business's id in Layer here
    name: My business
    currency: USD                              # what its books are kept in
    time_zone: America/New_York                # in which its days and months end
    # starts_on: 2026-01-01                    # the first of a month; nothing is concluded about earlier dates
    # ledger_dates: instant                    # date: a time of exactly midnight UTC in Layer means the date
    ledger_lag_days: 2                         # how long the books may take to record a refund
    # outside: {methods: [CASH, CHECK, CREDIT_BALANCE], processors: [STORE CREDIT]}   # what no processor pays
    # rates: rates.csv                         # date,from,to,rate: for refunds settled in another currency
    # rate_tolerance: 3                        # percent
    # materiality: {item: 5000, month: 20000}  # in cents; reports mark what is above
    # waive_limit: 500                         # in cents, per finding; left out, there is no limit
    # waive_limit_month: 2500                  # in cents, in total per month
    # retention: 730                           # days for which refunds as received keep the details of people
    # four_eyes: true                          # a close needs a second person
    processors:
      - name: STRIPE                           # what the processor of a payment is called in Layer
        # account: main                        # where there are several accounts: one entry each
        # first_day: 2026-01-01                # the first date of this account; last_day where it was closed
        # aliases: [STRIPE_CONNECT]            # other names for it in Layer
        inbox: ["inbox/stripe/*.csv"]          # where you put its reports; .csv.gz is fine too
        # format: auto                         # told by the header; \`tieout formats\` lists the names
        # time_zone: UTC                       # of files that state none
        # settlement_lag_days: 5               # how long the processor may take to report a refund
        # coverage_hole_days: 3                # days without a line that are no gap
        # files_cover: dates                   # month or year: a file stands for all of it
        # lines: overlap                       # distinct: equal lines of two files are two lines (files without ids)
        # date_window_days: 3                  # how far apart the two sides may date a refund without any id
        # usual_lag_days: 0                    # how many days after the books the processor dates a refund
        # match_payouts: false                 # true: one entry in the books may be a whole payout of refunds
        # amount_tolerance: 0                  # in cents
        # fee_tolerance: 0
        # fees: [{from: 2026-01-01, tie: per_refund}]   # month: as totals, with the categories of the fee lines; none
        # reference_columns: ["payment_metadata[order_id]"]   # columns that hold your own order numbers

      # Any other CSV: say which column is what.
      # - name: BILLPAY
      #   inbox: ["inbox/billpay/*.csv"]
      #   format:
      #     columns: {transaction_id: Id, type: Kind, refund_id: Refund, payment_id: Payment, references: [Order], amount: Amount, fee: Fee, currency: Currency, occurred_at: Date}
      #     # instead of amount: debit: Out, credit: In; beside the date: time: Time, zone: Zone
      #     types: {Refund: refund, Refund failed: refund_reversal, Vendor credit: vendor_refund, Payment: payment, Dispute: chargeback}
      #     status: {column: Status, settled: [Settled]}   # lines with any other status do not count yet
      #     refund_sign: negative              # the sign that a refund's amount bears in the file
      #     date_format: yyyy-MM-dd HH:mm:ss
      #     time_zone: UTC
      #     refund_id_pattern: "^RF[0-9]{6}$"  # the shape of its refund ids
      #     payment_id_pattern: "^PMT-[0-9]+$" # the shape of its payment ids
`

/** What is no source: made by Tieout, put in by people, or secret. */
const TO_IGNORE = ['.tieout/', 'reports/', 'inbox/', '.env']

/**
 * Writes the starting configuration, its JSON Schema beside it, and makes its inbox.
 * @throws UsageFault where there is a configuration already
 */
export const writeStartingConfig = (path: string): Result => {
  if (path.trim() === '')
    throw new UsageFault('--config (or TIEOUT_CONFIG): found nothing, expected the path of a file')
  const absolute = resolve(path)
  if (existsSync(absolute))
    throw new UsageFault(`${path} is there already and was left as it is; name another with --config`)
  const folder = dirname(absolute)
  const schema = join(folder, 'tieout.schema.json')
  const inbox = join(folder, 'inbox/stripe')
  mkdirSync(inbox, { recursive: true })
  writeFileSync(schema, `${JSON.stringify(configSchema(), null, 2)}\n`)
  writeFileSync(absolute, TEXT, { flag: 'wx' })
  const lines = [
    `Wrote ${absolute}`,
    `      ${schema}  by which an editor checks and completes it`,
    `Made  ${inbox}  for Stripe's reports`,
    '',
    `The business's id in it is a placeholder, ${PLACEHOLDER_ID}: put the one that it has in Layer there, and its`,
    'currency and time zone. Set LAYER_TOKEN where the job runs. Then: tieout doctor, tieout nightly.',
    `Not for version control; lines for .gitignore: ${TO_IGNORE.join(' ')}`,
  ]
  return { text: lines.join('\n'), document: { written: absolute, json_schema: schema, inbox, to_ignore: TO_IGNORE } }
}
