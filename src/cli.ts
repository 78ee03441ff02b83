#!/usr/bin/env node
/** The commands, their flags and their help; nothing else. What a command runs is loaded when it is run. */

import { realpathSync } from 'node:fs'
import { Command } from 'commander'
import { VERSION } from './product.ts'

const EXIT_CODES = `
Exit codes: 0 done; 1 failed; 2 wrong usage or configuration;
3 done, but errors are open (only with --exit-code); 4 done for some businesses or files, failed for others.`

export const program: Command = new Command('tieout')
  .description('Proves, to the cent, that the refunds in the books are the refunds that the processors made.')
  .version(VERSION, '--version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .showHelpAfterError('(add --help for what is possible)')
  .addHelpText('after', `${EXIT_CODES}\n\nStart with: tieout demo`)
  .exitOverride((ended) => process.exit(ended.exitCode === 0 ? 0 : 2))

const several = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** A command with the flags that all commands take. */
const command = (usage: string, description: string, example: string): Command =>
  program
    .command(usage)
    .description(description)
    .option('--config <file>', 'the configuration', 'tieout.yaml')
    .option('--business <id>', 'only this business, by id or name (may be repeated)', several)
    .option('--as-of <instant>', 'the instant that the run is of, such as 2026-11-03T06:00:00Z (default: now)')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'say errors only')
    .option('--verbose', 'say what is being done')
    .addHelpText('after', `\nExample:\n  $ ${example}`)

const exitCode = ['--exit-code', 'exit with 3 where errors are open'] as const

command('demo', 'Reconciles the October of a small business, made up and all on this machine.', 'tieout demo')
  .option('--keep <folder>', 'the folder in which everything is made and stays', 'demo')
  .action(async (flags) => await (await import('../jobs/demo.ts')).demo(flags))
command('init', 'Writes a commented tieout.yaml to start from.', 'tieout init').action(
  async (flags) => await (await import('../jobs/init.ts')).init(flags),
)
command('migrate', "Brings the database's schema up to date.", 'tieout migrate').action(
  async (flags) => await (await import('../jobs/migrate.ts')).migrate(flags),
)
command(
  'pull',
  'Pulls the refund listings of every business from Layer.',
  'tieout pull --business "Harbor Coffee"',
).action(async (flags) => await (await import('../jobs/pull.ts')).pull(flags))
command(
  'import [files...]',
  'Imports processor files; with no FILE, what lies in the inboxes. Each file is imported once.',
  'tieout import --processor STRIPE --covers 2026-10-01..2026-10-31 october.csv',
)
  .option('--processor <name>', 'whose files they are; one of several accounts: NAME/ACCOUNT')
  .option('--format <name>', 'the format, where it cannot be told (see `tieout formats`)')
  .option('--covers <from..to>', 'the dates that the files cover, where they do not say it themselves')
  .option('--strict', 'refuse a file of which a line cannot be read')
  .option('--preview', 'print what a file becomes as JSON lines, and keep nothing')
  .action(async (files, flags) => await (await import('../jobs/import.ts')).importReports(files, flags))
command(
  'reconcile',
  'Matches what is stored, finds the discrepancies, ties the totals out.',
  'tieout reconcile --exit-code',
)
  .option('--full', 'look at everything anew')
  .option(...exitCode)
  .action(async (flags) => await (await import('../jobs/reconcile.ts')).reconcile(flags))
command(
  'report',
  'Writes what the last reconciliation found, to the terminal or to files.',
  'tieout report --format text,csv --from 2026-10 --to 2026-10 --output october',
)
  .option('--format <names>', 'text, json, csv, xlsx, html, or several of them (default: those of the configuration)')
  .option('--output <path>', 'a folder, or with one format a file of its extension; without, the terminal')
  .option('--from <month>', 'the first month reported, such as 2026-10')
  .option('--to <month>', 'the last month reported')
  .option(...exitCode)
  .action(async (flags) => await (await import('../jobs/report.ts')).report(flags))
command(
  'nightly',
  'Migrate, pull, import, reconcile, report: what cron runs.',
  'tieout nightly --config /etc/tieout/tieout.yaml',
)
  .option('--queue', 'only queue it, a job for each business, for `tieout worker` to do')
  .option(...exitCode)
  .action(async (flags) => await (await import('../jobs/nightly.ts')).nightly(flags))
command(
  'worker',
  'Does what `nightly --queue` or its own schedule has queued, until it is told to stop. Run as many as needed.',
  'tieout worker --concurrency 4 --schedule "5 2 * * *"',
)
  .option('--concurrency <number>', 'businesses at once', '2')
  .option('--schedule [cron]', 'queue the nights too, at these minutes and hours in UTC (default: "5 2 * * *")')
  .action(async (flags) => await (await import('../jobs/worker.ts')).worker(flags))
command(
  'backfill',
  'The same over history, month by month: pull, import, reconcile. Killed, it goes on where it was when run again.',
  'tieout backfill --from 2023-01 --to 2026-10',
)
  .requiredOption('--from <month>', 'the first month, such as 2023-01')
  .requiredOption('--to <month>', 'the last month')
  .option(...exitCode)
  .action(async (flags) => await (await import('../jobs/backfill.ts')).backfill(flags))
command(
  'corrections <action> [ids...]',
  'Refunds that the ledger misses: propose them, list, show, approve or reject them, post them to Layer.',
  'tieout corrections approve 3fa9 --by "Ada Brook"',
)
  .option('--by <name>', 'who proposes, approves, rejects or posts')
  .option('--note <text>', 'why it is approved or rejected')
  .option('--dry-run', 'with post: print the exact requests, and send nothing')
  .option('--invoice-id <id>', 'the invoice that was refunded, for propose or approve')
  .option('--invoice-external-id <id>', 'the same by its external id, where refunds in the ledger name it')
  .option('--bill-id <id>', 'the bill that was refunded')
  .option('--bill-external-id <id>', 'the same by its external id')
  .option('--bill-line-item-id <id>', 'or its line item')
  .option('--bill-line-item-external-id <id>', 'the same by its external id')
  .option('--bill-payment-id <id>', 'or its payment')
  .option('--bill-payment-external-id <id>', 'the same by its external id')
  .action(
    async (action: string, ids: string[], flags) =>
      await (await import('../jobs/corrections.ts')).correct(action, ids, flags),
  )
command('status', 'Says what ran last, what is open, and when the next of it is due.', 'tieout status').action(
  async (flags) => await (await import('../jobs/status.ts')).status(flags),
)
command('doctor', 'Says what is wrong with the set-up, and what to do about it.', 'tieout doctor --deep')
  .option('--deep', 'look at all that is stored too, whether it agrees with itself')
  .action(async (flags) => await (await import('../jobs/doctor.ts')).doctor(flags))
command(
  'sandbox',
  "Serves a local Layer refunds API with the demo's books, on this machine only.",
  'tieout sandbox --port 4010',
)
  .option('--port <number>', 'where it listens; 0: any free port', '4010')
  .option('--token <text>', 'the bearer token it asks for', 'sandbox')
  .option('--seed <file>', "other books than the demo's, as JSON (see layer/seed.json of the demo)")
  .option('--persist <file>', 'keep the books in this file, and begin with it where it is there')
  .option('--mode <mode>', 'bare: plain arrays and objects; data: under "data", in pages with a cursor', 'bare')
  .option('--page-size <number>', 'refunds on a page of mode data', '100')
  .option('--client <id:secret>', 'client credentials that POST /oauth2/token takes')
  .option('--fault <fault>', 'rate-limit, server-error, slow, cut-off, expired-token, no-answer or lost-answer')
  .option('--fault-count <number>', 'how often each request meets the fault, or "always"', '2')
  .action(async (flags) => await (await import('../jobs/sandbox.ts')).sandbox(flags))
command('formats [name]', 'Lists the report formats known, or describes one.', 'tieout formats stripe-itemized').action(
  async (name: string | undefined, flags) => await (await import('../jobs/formats.ts')).formats(flags, name ?? null),
)

/** Whether this was started, by its name or by a link to it, or is only looked at. */
const isStarted = process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename
if (isStarted) await program.parseAsync()
